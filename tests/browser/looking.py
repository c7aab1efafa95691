"""What a page must hold in a real browser: no fault axe can find, nothing wider than the screen."""

from collections.abc import Mapping, Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAIL_RULES = RULES[:-1]  # landmarks are for pages, not for messages
WIDTHS = (320, 375, 1280)
# And the widths at which axe looks: it takes its time. A page in two languages is looked at both ways round.
SCHEMES = {"light": (320, 1280), "dark": (375,)}
OTHER_SCHEMES = {"light": (375,), "dark": (320, 1280)}
KEYS = 25  # so many controls are walked through by the tab key
HEIGHT = 812

_FAULTS = """async (options) => (await axe.run(document, options)).violations.flatMap(
fault => fault.nodes.map(node =>
`${fault.id}: ${node.html.slice(0, 160)} ${(node.failureSummary || '').slice(0, 240)}`))"""

# A constructed sheet: the policy of the site, which forbids <style>, lets it pass.
_ADD_RULES = """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""

# Where the focus is among all elements (-1: past the last), and whether it is drawn on the screen.
_FOCUSED = """() => { const e = document.activeElement;
if (!e || e === document.body || e.matches('.skip')) return [-1, true, ''];
const s = getComputedStyle(e), r = e.getBoundingClientRect();
const drawn = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
const there = r.width > 0 && r.bottom > 0 && r.top < innerHeight;
return [[...document.querySelectorAll('*')].indexOf(e), drawn && there, e.outerHTML.slice(0, 140)]; }"""

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


def looks_right_everywhere(
    page: Page, rules: list[str] = RULES, schemes: Mapping[str, tuple[int, ...]] = SCHEMES
) -> None:
    """Check the open page at every width, light and dark, without loading it again."""
    for scheme, looked_at in schemes.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            no_sideways_scroll(page)
            if width in looked_at:
                axe_clean(page, rules)


def bears_larger_text(page: Page, directions: Sequence[str] = ("ltr",)) -> None:
    """Check spaced-out text, text of twice the size, and words 40 % longer, on the narrowest screen."""

    def fits() -> None:
        for direction in directions:
            page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
            no_sideways_scroll(page)

    page.set_viewport_size({"width": 320, "height": HEIGHT})
    page.evaluate(_ADD_RULES, _TEXT_SPACING)
    fits()
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate(_LENGTHEN)
    fits()
    page.set_viewport_size({"width": 640, "height": HEIGHT})
    page.evaluate(_ADD_RULES, "html { font-size: 200% !important; }")
    fits()


def can_be_walked_by_keyboard(page: Page) -> None:
    """Press the tab key from where the focus is: it goes on in the order of the page, always to be seen."""
    before = -1
    for _n in range(KEYS):
        page.keyboard.press("Tab")
        place, shows, html = page.evaluate(_FOCUSED)
        if place < 0:  # past the last control
            return
        if place == before and 'type="date"' in html:  # day, year, and a button with a ring of its own
            continue
        assert place > before, f"{page.url}: the focus goes back to {html}"
        assert shows, f"{page.url}: nobody sees that the focus is on {html}"
        before = place


def prints_well(page: Page) -> None:
    """Check the sheet that is printed: no menus and forms, all that is folded is open, nothing cut off."""
    page.set_viewport_size({"width": 720, "height": HEIGHT})
    page.emulate_media(media="print")
    pressed = ".bar, .lang, .crumbs, .side, .skip, .btn, .acts, .noprint, main form, footer nav"
    assert [each for each in page.locator(pressed).all() if each.is_visible()] == []
    assert page.locator("main h1").is_visible()
    folded = page.locator("main .more:not(.noprint) > summary ~ *")
    assert [each for each in folded.all() if not each.is_visible()] == []
    no_sideways_scroll(page)
    page.emulate_media(media="screen")


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
