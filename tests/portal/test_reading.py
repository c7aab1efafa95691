"""A sixth grader can read the parents' pages: the site's own words, as they are rendered."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
import textstat
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from consent import letter_codes
from tests import factories as f
from tests.cedar_valley import Town, user_of
from tests.districts.company_cast import agree_with_many, others_speak
from tests.portal.watching.watching import watches

pytestmark = pytest.mark.django_db

HARDEST_GRADE = 6
LONGEST_SENTENCE = 20  # words
MESSAGES = ("question", "news")  # to whoever watches a page by email

BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "label", "legend", "button", "div", "td", "th", "a"}
VOID = {"input", "br", "img", "hr", "meta", "link", "use", "source"}
# What the district, the company or the parent entered: not the site's words.
ENTERED = [
    r"\[en\] [^.]*\.",
    "A laptop was lost.",
    "Reading aloud with an app.",
    "He is seven.",
    "12 Oak Street, Peoria, IL",
    r"Lumino Reading(, Inc\.)?",
    "Clearwave Speech",
    "Big Media",
    "Cedar (Valley|Ridge) Schools?",
    "Hears the reading",
    r"Lumino Books|Trade Office|Reads aloud\.|It must delete old voices\.|Wrong company\.",
    r"We delete after 30 days\.|The paper says 60\.|The date is wrong\.|A child was named\.",
    r"(Agreement of )?District number \d+|Helper \d+|kind \d+",
    "[0-9a-f]{8}-[0-9a-f-]{27}",
    "[0-9a-f]{64}",
    r"\S+@\S+",
]
# A law is named as lawyers name it, beside the plain words: “Needed to run the school (34 CFR 99.31(a)(1))”.
CITATION = r"\(\d+ (CFR|U\.S\.C\.) [^ ]*\)|\d+ ILCS [^ ]*|\d+ Ill\. Adm\. Code [^ ]*"


class Prose(HTMLParser):
    """Collects the text of the page's content, one entry per block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.inside = 1
        if tag in BLOCKS - {"a"} or (tag == "a" and "tap" in (dict(attrs).get("class") or "")):
            self.blocks.append("")
        if tag == "br":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = 0
        if tag in BLOCKS - {"a"}:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1] += data


def sentences_of(html: str) -> list[str]:
    """Return the site's own sentences on a page; headings, buttons and terms count as one each."""
    prose = Prose()
    prose.feed(html)
    found = []
    for block in prose.blocks:
        text = re.sub(CITATION, "", block)
        for entered in ENTERED:
            text = re.sub(entered, "Sam", text)
        for sentence in re.split(r"(?<=[.?!:])\s+", " ".join(text.split())):
            words = sentence.strip(" .:·,()")
            if re.search(r"[A-Za-z]{2}", words) and words != "Sam":
                found.append(words)
    return found


def grade_of(sentences: list[str]) -> float:
    """Return the Flesch-Kincaid grade of the sentences, each once; a term of two words is none."""
    textstat.set_lang("en_US")
    read = [sentence for sentence in dict.fromkeys(sentences) if len(sentence.split()) > 3]
    return float(textstat.flesch_kincaid_grade(" ".join(f"{s}." for s in read)))


@pytest.fixture
def town() -> Town:
    cache.clear()
    town = Town()
    town.something_happens()
    return town


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def signed_in(town: Town) -> Client:
    client = Client()
    client.force_login(user_of(town.alice), backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(address: str) -> Callable[[Town], str]:
    def page(town: Town) -> str:
        return signed_in(town).get(address.format(**town.addresses())).content.decode()

    return page


def read_of_many(address: str) -> Callable[[Town], str]:
    """Return how to read a page of Lumino, which many districts use and others speak of."""

    def page(town: Town) -> str:
        others_speak(town)
        agree_with_many(town.lumino, 14, lines=3)
        return read(address)(town)

    return page


def check_page(town: Town) -> str:
    client = signed_in(town)
    fields = hidden_fields(client.get("/family/").content.decode())
    address = f"/family/children/{town.sam.public_id}/answer/"
    return client.post(address, {**fields, "answer": "no"}).content.decode()


def child_with_answers(town: Town) -> str:
    town.answers("voice", "no")
    return read("/family/children/{student}/")(town)


def receipt(town: Town) -> str:
    decision = town.answers("voice", "no")
    return read(f"/family/receipts/{decision.public_id}/")(town)


def no_child(town: Town) -> str:
    client = Client()
    client.force_login(f.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/family/").content.decode()


def wrong_code(town: Town) -> str:
    return Client().post("/family/letter/", {"code": "AAAA-BBBB", "email": ""}).content.decode()


def letter_child(town: Town) -> str:
    rosa = f.make_guardian(town.district, "Rosa", of=[town.sam], email="")
    client = Client()
    client.force_login(f.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    code = letter_codes.new_letter_code(guardian_id=rosa.pk, now=timezone.now())
    return client.post("/family/letter/", {"code": code}, follow=True).content.decode()


def watch_page(what: str) -> Callable[[Town], str]:
    def page(town: Town) -> str:
        watch = watches("district", town.district)
        keys = {"confirm": watch.key, "stop": watch.watcher.key}
        where = f"stop/{keys['stop']}" if what == "stop" else f"confirm/{keys.get(what, town.sam.public_id)}"
        return Client().get(f"/watch/{where}/").content.decode()

    return page


def watch_message(town: Town) -> str:
    context = {"name": "Cedar Valley Schools", "days": 7, "link": "x", "groups": [{"name": "Sam", "more": 2}]}
    mails = [render_to_string(f"emails/watch_{kind}.html", context) for kind in MESSAGES]
    return f"<main>{''.join(mail.partition('</head>')[2] for mail in mails)}</main>"


PAGES: dict[str, Callable[[Town], str]] = {
    "home": read("/"),
    "search, found": read("/search/?q=lumino"),
    "search, not found": read("/search/?q=qqqqqqq"),
    "search, error": read("/search/?q="),
    "district": read("/d/cedar-valley/"),
    "district, nothing fits": read("/d/cedar-valley/?status=in_use&kind=researcher"),
    "district rights": read("/d/cedar-valley/rights/"),
    "schools": read("/d/cedar-valley/schools/"),
    "school": read("/d/cedar-valley/schools/{school}/"),
    "companies": read("/companies/"),
    "company": read("/companies/lumino-reading/"),
    "company, in many districts": read_of_many("/companies/lumino-reading/"),
    "company, one district": read_of_many("/companies/lumino-reading/?district=cedar"),
    "product": read_of_many("/companies/lumino-reading/lumino-books/"),
    "change": read("/changes/{change}/"),
    "public discussion": read("/agreements/{agreement}/discussion/"),
    "ask in public": read("/agreements/{agreement}/ask/"),
    "family": read("/family/"),
    "family, no child": no_child,
    "child": child_with_answers,
    "check": check_page,
    "receipt": receipt,
    "answers": read("/family/answers/"),
    "ask or disagree": read("/family/children/{student}/ask/{agreement}/"),
    "letter": read("/family/letter/"),
    "letter, error": wrong_code,
    "letter, child": letter_child,
    "sign in": lambda town: Client().get("/account/login/code/").content.decode(),
    "watch by email": read("/watch/company/lumino-reading/"),
    "watch by email, asked": read("/watch/asked/"),
    "watch by email, confirm": watch_page("confirm"),
    "watch by email, stop": watch_page("stop"),
    "watch by email, too old": watch_page("nothing"),
    "watch by email, message": watch_message,
    "help": read("/help/"),
    "rights": read("/rights/"),
}
every_page = pytest.mark.parametrize("render", PAGES.values(), ids=[name.replace(" ", "-") for name in PAGES])


@every_page
def test_a_parents_page_reads_at_grade_six_or_below_in_sentences_of_twenty_words_at_most(
    render: Callable[[Town], str], town: Town
) -> None:
    sentences = sentences_of(render(town))
    assert sentences
    assert [said for said in sentences if len(said.split()) > LONGEST_SENTENCE] == []
    assert grade_of(sentences) <= HARDEST_GRADE, sentences


def test_hard_words_and_long_sentences_are_seen() -> None:
    hard = (
        "<main><p>Notwithstanding applicable statutory provisions, disclosure necessitates authorization.</p>"
    )
    assert grade_of(sentences_of(hard)) > HARDEST_GRADE
    long = f"<main><p>{'so ' * 21}.</p></main>"
    assert [said for said in sentences_of(long) if len(said.split()) > LONGEST_SENTENCE]
