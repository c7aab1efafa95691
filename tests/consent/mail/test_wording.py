"""What messages say: plain, short, in both languages, the same in both parts, and never a child's name."""

import datetime as dt
import re
from html import unescape

import pytest
import textstat

from consent import notify
from consent.mail import wording
from consent.mail.build import OFFERS, Builder, language_of
from consent.mail.message import Message, fitting
from consent.mail.wording import Reader, Wording
from consent.models import Notice
from districts.models import Agency, Basis
from districts.participation import join
from districts.publish import publish_version
from tests import factories as f
from tests.consent import news
from tests.consent.mail import messages
from tests.consent.mail.post_office import text_of

pytestmark = pytest.mark.django_db

KINDS = [*messages.KINDS, "receipt"]
HARDEST_GRADE = 6.0
EASIEST_SPANISH = 70.0
MOST_WORDS = 20
MOST_BYTES = 60_000

every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", ["en", "es"])
both_readers = pytest.mark.parametrize("is_student", [False, True], ids=["parent", "student"])


def prose(text: str) -> list[str]:
    """Return the lines of a text part that are words, each closed like a sentence."""
    lines = [line for line in text.splitlines() if line and "://" not in line and line != "---"]
    return [line if line[-1] in ".?!" else f"{line}." for line in lines]


@every_kind
@every_language
@both_readers
def test_a_parent_can_read_it(kind: str, language: str, is_student: bool) -> None:
    lines = prose(text_of(messages.message(kind, language, is_student=is_student)))
    if language == "es":
        textstat.set_lang("es")
        assert textstat.fernandez_huerta(" ".join(lines)) >= EASIEST_SPANISH
    else:
        textstat.set_lang("en")
        assert textstat.flesch_kincaid_grade(" ".join(lines)) <= HARDEST_GRADE
    sentences = [s for line in lines for s in re.split(r"(?<=[.?!])\s+", line)]
    assert [s for s in sentences if len(s.split()) > MOST_WORDS] == []


@every_kind
@every_language
def test_it_fits_a_phone_and_a_mailbox(kind: str, language: str) -> None:
    mail = messages.message(kind, language)
    assert len(str(mail["Subject"])) <= 60
    assert len(text_of(mail, "html").encode()) <= MOST_BYTES
    assert "%(" not in mail.as_string()
    assert "None" not in text_of(mail)


@every_kind
@every_language
def test_both_parts_say_the_same(kind: str, language: str) -> None:
    mail = messages.message(kind, language)
    html = re.sub(r"<(style|title)>.*?</\1>", " ", text_of(mail, "html"), flags=re.DOTALL)
    html = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" :", ":")
    for line in prose(text_of(mail)):
        assert " ".join(line.rstrip(".").split()) in html


@every_kind
@both_readers
def test_spanish_has_no_english_in_it(kind: str, is_student: bool) -> None:
    text = text_of(messages.message(kind, "es", is_student=is_student))
    text = text.replace("Read this in English", "").replace("Lumino Reading", "")
    assert not re.search(r"\b(the|you|your|may|and|get|see|not)\b", text, re.IGNORECASE)


@every_kind
def test_a_student_who_decides_reads_of_no_child(kind: str) -> None:
    english = messages.message(kind, "en", is_student=True)
    spanish = messages.message(kind, "es", is_student=True)
    # The district's own words, and the line that says that no message names a child.
    own_words = "To keep your family safe.*|Para cuidar a su familia.*|Nothing is sent.*|No se envía.*"
    assert "child" not in re.sub(own_words, "", text_of(english))
    assert "hij" not in re.sub(own_words, "", text_of(spanish))


@every_kind
@every_language
def test_the_links_lead_to_the_readers_page_in_each_language(kind: str, language: str, settings) -> None:
    settings.SITE_URL = "https://data.cedar.example"
    mail = messages.message(kind, language)
    page = f"https://data.cedar.example/f/{messages.TOKEN}/"
    spanish = f"https://data.cedar.example/es/f/{messages.TOKEN}/"
    for part in ("plain", "html"):
        found = set(re.findall(r"https?://[^\s\"<]+", text_of(mail, part)))
        assert {link for link in found if not link.endswith("/rights/")} == {page, spanish}


@every_kind
def test_it_says_who_it_is_from_why_it_comes_and_that_no_machine_need_answer(kind: str, settings) -> None:
    settings.SITE_URL = "https://data.cedar.example"
    settings.DEFAULT_FROM_EMAIL = "x <student-data@cedar.example>"
    mail = messages.message(kind)
    assert str(mail["From"]) == "Cedar Valley Schools <student-data@cedar.example>"
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    assert re.fullmatch(r"<district-\d+\.notices\.data\.cedar\.example>", str(mail["List-Id"]))
    assert mail["List-Unsubscribe"] is None
    assert "You get this because" in text_of(mail)
    assert "We must send you this message." in text_of(mail)
    assert "<img" not in text_of(mail, "html")


def test_answers_to_a_message_go_to_a_person_where_the_district_named_one() -> None:
    district = messages.make_district(contact_email="privacy@cedar.example")
    message = Builder(district, now=f.NOW).of_receipt(language="en", has_acted=False)
    assert str(messages.read(message)["Reply-To"]) == "privacy@cedar.example"


@every_language
@pytest.mark.parametrize("severities", [("answer_needed",), ("tell_now",)])
def test_a_sensitive_notice_names_neither_company_nor_kind_nor_group(language: str, severities) -> None:
    district = messages.make_district()
    notice = messages.generic(district, *severities)
    message = Builder(district, now=f.NOW).of_notices([notice.pk], language=language, is_student=False)
    mail = messages.read(message)
    assert message.is_generic
    everything = " ".join([str(mail["Subject"]), text_of(mail), text_of(mail, "html")]).lower()
    for word in ("lumino", "asthma", "health", "salud", "2026", "sep"):
        assert word not in everything


def test_one_sensitive_notice_among_several_makes_the_whole_message_generic() -> None:
    district = messages.make_district()
    notices = [messages.only_news(district, "digest").pk, messages.generic(district, "digest").pk]
    message = Builder(district, now=f.NOW).of_notices(notices, language="en", is_student=False)
    assert message.is_generic
    assert "Lumino" not in text_of(messages.read(message))


def test_a_receipt_says_only_what_is_true_at_that_moment() -> None:
    builder = Builder(messages.make_district(), now=f.NOW)
    before = text_of(messages.read(builder.of_receipt(language="en", has_acted=False)))
    after = text_of(messages.read(builder.of_receipt(language="en", has_acted=True)))
    assert "The district has not acted yet." in before
    assert "The district has not acted yet." not in after


def test_a_question_tells_what_silence_means_from_the_legal_ground_not_from_the_template() -> None:
    opt_in = text_of(messages.message("question"))
    opt_out = text_of(messages.message("question that silence answers with yes"))
    assert "If you do not answer, we count it as no. Nothing is sent." in opt_in
    assert "If you do not answer by Sep 22, 2026, we count it as yes." in opt_out


def test_a_second_version_tells_of_the_new_lines_only() -> None:
    district = messages.make_district()
    first = messages.question(district)
    agreement = first.publication.agreement
    lines = [("voice-recordings", "contact", "consent"), ("home-address", "place", "consent")]
    news.publish(f.make_draft(agreement, lines=lines))
    second = max(notify.announce(now=f.NOW))
    message = Builder(district, now=f.NOW).of_notices([second], language="en", is_student=False)
    assert message.subject == "Answer by Sep 22: Lumino Reading wants home address"
    assert "voice" not in text_of(messages.read(message)).lower()


def test_a_baseline_calls_nothing_new() -> None:
    words = text_of(messages.message("baseline"))
    assert "2 companies and offices may get data" in words
    assert "What is new" not in words


@pytest.mark.parametrize("length", [10, 60, 61, 300])
def test_no_subject_is_longer_than_a_phone_shows(length: int) -> None:
    facts = messages.KINDS["question"](messages.make_district())[0]
    builder = Builder(facts.agency, now=f.NOW)
    vendor = facts.publication.agreement.vendor
    type(vendor).objects.filter(pk=vendor.pk).update(name="x" * min(length, 200))
    message = builder.of_notices([facts.pk], language="en", is_student=False)
    assert len(message.subject) <= 60
    assert len(fitting(["y" * length])) <= 60


def test_a_language_we_do_not_have_falls_back_to_the_districts_first() -> None:
    spanish_first = f.make_district(languages=["pl", "es", "en"])
    assert language_of("zh-Hans", spanish_first) == "es"
    assert language_of("EN-us", spanish_first) == "en"
    assert language_of("", f.make_district(languages=["pl"])) == "en"
    assert set(OFFERS) == {"en", "es"}


def test_nothing_is_built_twice_in_a_run(django_assert_num_queries) -> None:
    district = messages.make_district()
    notice = messages.question(district)
    builder = Builder(district, now=f.NOW)
    first = builder.of_notices([notice.pk], language="en", is_student=False)
    with django_assert_num_queries(0):
        assert builder.of_notices([notice.pk], language="en", is_student=False) is first


def test_many_changes_are_counted_and_the_first_few_said() -> None:
    words = wording.digest([f"Change {n}." for n in range(20)], Reader(is_student=False))
    assert words.subject == "20 changes to who may get student data"
    assert words.paragraphs[-1] == "And 12 more."


LATER = f.NOW + dt.timedelta(days=60)
NOV_14 = "Nov 14, 2026"


def joined(district: Agency, state: Agency, *versions: list[tuple[str, str, str]]) -> Wording:
    """Return the words of a district's joining, 60 days after the versions were published."""
    agreement = f.make_agreement(state, f.make_vendor("Lumino Reading"))
    for lines in versions:
        publish_version(version_id=f.make_draft(agreement, lines=lines).pk, now=f.NOW)
        notify.announce(now=f.NOW)
    join(
        agreement_id=agreement.pk,
        agency_id=district.pk,
        kind="joined",
        from_on=district.today(LATER),
        now=LATER,
    )
    [notice] = notify.announce(now=LATER)
    return Builder(district, now=LATER).wording_of([notice], language="en", is_student=False)


def test_a_district_that_joins_later_names_the_last_day_that_counts_there() -> None:
    state = f.make_state()
    words = joined(messages.make_district(state=state), state, [("photo", "picture", Basis.DIRECTORY)])
    assert words.subject == "Answer by Nov 14: Lumino Reading may get photo"
    assert words.lede == f"You can say yes or no. Please answer by {NOV_14}."
    assert words.box_lead == f"If you do not answer by {NOV_14}, we count it as yes."


def test_a_district_that_joins_is_asked_what_an_earlier_version_asked() -> None:
    state, home = f.make_state(), ("home-address", "contact", Basis.CONSENT)
    grade = ("grade", "school", Basis.SCHOOL_OFFICIAL)
    words = joined(messages.make_district(state=state), state, [home], [home, grade])
    assert words.asks
    assert words.heading == "Lumino Reading wants home address"


def test_more_children_are_asked_what_the_agreement_asks() -> None:
    district = messages.make_district()
    agreement = f.make_agreement(district, f.make_vendor("Lumino Reading"))
    for grades in (["03"], ["03", "04"]):
        draft = f.make_draft(agreement, scope_grades=grades)
        publication = publish_version(version_id=draft.pk, now=f.NOW)
    notice = messages.notice_of(publication)
    words = Builder(district, now=f.NOW).wording_of([notice.pk], language="en", is_student=False)
    assert notice.severity == "answer_needed"
    assert words.heading == "Lumino Reading wants home address"
    assert words.paragraphs == ["The agreement with Lumino Reading covers more children: grades 03, 04."]


def test_what_was_taken_out_and_comes_back_is_asked() -> None:
    district = messages.make_district()
    agreement = f.make_agreement(district, f.make_vendor("Lumino Reading"))
    home, grade = ("home-address", "contact", Basis.CONSENT), ("grade", "school", Basis.SCHOOL_OFFICIAL)
    for lines in ([home, grade], [grade], [home, grade]):
        publication = publish_version(version_id=f.make_draft(agreement, lines=lines).pk, now=f.NOW)
        notice = messages.notice_of(publication)
    words = Builder(district, now=f.NOW).wording_of([notice.pk], language="en", is_student=False)
    assert (words.asks, words.heading) == (True, "Lumino Reading wants home address")


def test_a_welcome_names_the_last_day_that_counts_for_a_newcomer() -> None:
    district = messages.make_district()
    assert "Please answer" not in text_of(messages.read(welcome_at(district)))
    messages.question(district, basis=Basis.DIRECTORY)
    assert f"Please answer by {NOV_14}." in text_of(messages.read(welcome_at(district)))


def welcome_at(district: Agency) -> Message:
    notice, _made = Notice.objects.get_or_create(
        agency=district, welcome_day=f.TODAY, defaults={"day": f.TODAY, "severity": "tell_now"}
    )
    return Builder(district, now=LATER).of_notices([notice.pk], language="en", is_student=False)


def test_a_letter_with_several_news_says_so_where_one_of_them_asks() -> None:
    district = messages.make_district()
    several = [messages.question(district).pk, messages.only_news(district).pk]
    words = Builder(district, now=f.NOW).wording_of(several, language="en", is_student=False)
    assert words.asks
    assert words.lede == "You can say yes or no. Please answer by Sep 22, 2026."
