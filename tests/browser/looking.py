"""What a page must hold in a real browser: no fault axe can find, nothing wider than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAIL_RULES = RULES[:-1]  # landmarks are for pages, not for messages
WIDTHS = (320, 375, 1280)
SCHEMES = {"light": (320, 1280), "dark": (375,)}  # and the widths at which axe looks: it takes its time
HEIGHT = 812

_FAULTS = """async (options) => (await axe.run(document, options)).violations.flatMap(
fault => fault.nodes.map(node =>
`${fault.id}: ${node.html.slice(0, 160)} ${(node.failureSummary || '').slice(0, 240)}`))"""

# A constructed sheet: the policy of the site, which forbids <style>, lets it pass.
_ADD_RULES = """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""

_LENGTHEN = """() => {
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), nodes = [];
const more = word => 'abcdefghij'.repeat(3).slice(0, Math.ceil(word.length * .4));
while (walk.nextNode()) nodes.push(walk.currentNode);
for (const n of nodes) n.data = n.data.replace(/\\p{L}+/gu, word => word + more(word)); }"""

# WCAG 1.4.12
_TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""


def axe_clean(page: Page, rules: list[str] = RULES) -> None:
    """Fail with every fault axe finds on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    faults = page.evaluate(_FAULTS, {"runOnly": rules, "resultTypes": ["violations"]})
    assert not faults, "\n".join([page.url, *faults])


def no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than the screen, naming what sticks out."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        culprits = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter(e => {
            const r = e.getBoundingClientRect();
            if (e.closest('.vh,.skip,details:not([open])')) return false;
            return r.width && (r.right > innerWidth + 1 || r.left < -1); })
            .slice(0, 5).map(e => e.outerHTML.slice(0, 140))"""
        )
        raise AssertionError(f"{page.url} is {wider} px too wide: {culprits}")


def looks_right_everywhere(page: Page, rules: list[str] = RULES) -> None:
    """Check the open page at every width, light and dark, without loading it again."""
    for scheme, looked_at in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            no_sideways_scroll(page)
            if width in looked_at:
                axe_clean(page, rules)


def bears_larger_text(page: Page) -> None:
    """Check spaced-out text, text of twice the size, and words 40 % longer, on the narrowest screen."""
    page.set_viewport_size({"width": 320, "height": HEIGHT})
    page.evaluate(_ADD_RULES, _TEXT_SPACING)
    no_sideways_scroll(page)
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate(_LENGTHEN)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 640, "height": HEIGHT})
    page.evaluate(_ADD_RULES, "html { font-size: 200% !important; }")
    no_sideways_scroll(page)


def turn_right_to_left(page: Page) -> None:
    """Show a page that has no Arabic words the way an Arabic page is laid out."""
    page.evaluate("document.documentElement.dir = 'rtl'; document.documentElement.lang = 'ar'")


def small_targets(page: Page) -> list[str]:
    """Return the controls smaller than 24 by 24 (WCAG 2.5.8), but links inside a sentence."""
    return page.evaluate(
        """() => [...document.querySelectorAll('a,button,input,select,textarea,summary')].filter(e => {
        const r = e.getBoundingClientRect(), s = getComputedStyle(e);
        if (!r.width || s.visibility === 'hidden' || e.type === 'hidden') return false;
        if (e.closest('.vh,.skip')) return false;
        if (e.tagName === 'A' && s.display === 'inline') return false;
        return r.width < 24 || r.height < 24; }).map(e => e.outerHTML.slice(0, 140))"""
    )
