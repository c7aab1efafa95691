"""Letters: one page a person in words they read, a code, a slip; printed by a worker, posted by staff."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.storage import storages
from pypdf import PdfReader

from consent import letter_pages, letters, notify, pdf
from consent.letter_codes import digest_of, look_up
from consent.letters import NotPrintedError, find_by_reference, mark_posted, mark_returned, print_letters
from consent.models import ClaimCode, Delivery, LetterRun
from tests import factories as f
from tests.consent.mail import messages
from tests.consent.mail.situation import NOON, attempts, standing, told

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.pango


@pytest.fixture
def district():
    return messages.make_district(postal_address="12 Main Street\nCedar Valley, IL 60000")


@pytest.fixture
def sam(district):
    return f.make_student(district, "Samuel-Theodore")


def with_no_email(district, sam, name="Alice", **fields):
    return f.make_guardian(district, name, of=[sam], **{"email": "", **fields})


def pages(run: LetterRun | None) -> list[str]:
    """Return the words of each page of a run's file."""
    assert run is not None
    with storages["private"].open(run.file) as file:
        reader = PdfReader(BytesIO(file.read()))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def asked(district, **fields):
    """Have the district tell of voice recordings, which need an answer."""
    notice = messages.question(district, **fields)
    notify.fan_out(notice.pk, now=NOON)
    return notice


@needs_pango
def test_a_letter_is_one_page_with_the_same_words_a_code_and_no_childs_name(district, sam) -> None:
    alice = with_no_email(district, sam, postal_address="7 Oak Lane\nCedar Valley, IL 60001")
    asked(district)
    run = print_letters(agency_id=district.pk, now=NOON)
    [page] = pages(run)
    for words in (
        "Alice 7 Oak Lane Cedar Valley, IL 60001",
        "Lumino Reading wants voice recordings",
        "Please answer by Sep 22, 2026.",
        "If you do not answer, we count it as no. Nothing is sent.",
        "Short clips of students reading out loud.",
        "Or fill in the slip below and hand it in at the school.",
        "Questions? Call 309-555-0147.",
        "Child’s first name",
    ):
        assert words in page
    assert "Samuel" not in page
    assert "Theodore" not in page
    assert standing() == {"Alice": "printed/letter"}
    assert attempts(alice) == [(1, "printed", "")]


@needs_pango
def test_the_code_on_the_letter_opens_its_reader_once_and_only_its_digest_is_kept(district, sam) -> None:
    alice = with_no_email(district, sam)
    asked(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    code = next(word for word in page.split() if len(word) == 14 and word[4::5] == "--" and word.isupper())
    assert not set("01IO") & set(code)
    assert look_up(digest=digest_of(code.lower()), now=NOON).guardian_id == alice.pk
    row = ClaimCode.objects.get()
    assert row.expires_at == NOON + dt.timedelta(days=60)
    assert code not in row.digest
    assert "until Oct 31, 2026" in page


@needs_pango
def test_who_has_no_postal_address_or_a_confidential_one_is_handed_the_letter_at_school(
    district, sam
) -> None:
    with_no_email(district, sam)
    with_no_email(district, sam, "Bob", postal_address="3 Secret Road", address_is_confidential=True)
    told(district)
    for page in pages(print_letters(agency_id=district.pk, now=NOON)):
        assert "To be handed over at school Cedar Ridge School" in page
        assert "Secret" not in page


@needs_pango
def test_a_letter_is_not_posted_to_the_house_of_somebody_barred_from_the_child(district, sam) -> None:
    with_no_email(district, sam, postal_address="7 Oak Lane\nCedar Valley, IL 60001")
    bob = with_no_email(
        district, sam, "Bob", relation="father", postal_address="7 Oak Lane, Cedar Valley IL 60001"
    )
    f.make_hold(bob, sam)
    asked(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    assert "Alice To be handed over at school" in page
    assert "Oak Lane" not in page


@needs_pango
def test_a_language_we_do_not_have_gets_the_districts_two_side_by_side(district, sam) -> None:
    with_no_email(district, sam, language="so")
    asked(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    assert "Lumino Reading wants voice recordings" in page
    assert "Lumino Reading pide grabaciones de voz" in page
    assert "Nombre del niño o niña" in page


@needs_pango
def test_a_family_that_reads_spanish_gets_spanish_only(district, sam) -> None:
    with_no_email(district, sam, language="es")
    asked(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    assert "Si no responde, cuenta como un no." in page
    assert "wants" not in page


@needs_pango
@pytest.mark.parametrize("severity", ["tell_now", "answer_needed"])
def test_a_sensitive_letter_says_nothing_of_its_subject_and_has_no_slip(district, sam, severity) -> None:
    f.make_element("asthma-plan", "health-care", sensitive_kind="health")
    with_no_email(district, sam, language="so")
    told(district, severity, lines=[("asthma-plan", "health-care", "consent")])
    [page] = pages(print_letters(agency_id=district.pk, now=NOON + dt.timedelta(days=1)))
    assert "There is news about data on your child" in page
    for word in ("asthma", "health", "Lumino", "Cut here"):
        assert word not in page


@needs_pango
def test_all_news_of_a_person_is_on_one_page_and_everybody_has_a_page(district, sam) -> None:
    for name in ("Alice", "Bob", "Ana"):
        with_no_email(district, sam, name)
    told(district, "digest")
    told(district, "digest")
    run = print_letters(agency_id=district.pk, now=NOON + dt.timedelta(days=1))
    assert len(pages(run)) == run.letters == 3
    assert all("2 changes to who may get student data" in page for page in pages(run))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"printed"}


@needs_pango
def test_a_letter_of_several_news_says_what_to_answer_until_when_and_what_silence_means(
    district, sam
) -> None:
    with_no_email(district, sam)
    told(district, "digest")
    asked(district)
    asked(district, basis="elective_out")
    [page] = pages(print_letters(agency_id=district.pk, now=NOON + dt.timedelta(days=1)))
    for words in (
        "You can say yes or no. Please answer by Sep 22, 2026.",
        "wants voice recordings. Please answer by Sep 22, 2026. If you do not answer, we count it as no.",
        "may get voice recordings. If you do not answer by Sep 22, 2026, we count it as yes.",
        "How to answer",
        "You can also answer by phone or at the school office.",
    ):
        assert words in page
    assert "You do not have to do anything" not in page


@needs_pango
def test_very_many_words_still_make_one_page(district, sam) -> None:
    with_no_email(district, sam, language="so", postal_address="\n".join(["A very long line"] * 6))
    notice = asked(district)
    line = notice.version.shared_elements.get()
    vendor = notice.publication.agreement.vendor
    type(vendor).objects.filter(pk=vendor.pk).update(name="A company with a very long name " * 6)
    for language in ("en", "es"):
        type(line.element.texts.first()).objects.create(
            element=line.element, language=language, revision=3, label="y " * 50, definition="words " * 900
        )
    assert len(pages(print_letters(agency_id=district.pk, now=NOON))) == 1


@needs_pango
def test_a_letter_that_fits_no_page_does_not_stop_the_others(district, sam, monkeypatch) -> None:
    with_no_email(district, sam)
    with_no_email(district, sam, "Bob")
    on_one_page = pdf.on_one_page
    monkeypatch.setattr(pdf, "on_one_page", lambda html: None if "Alice" in html else on_one_page(html))
    told(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    assert "Bob" in page
    assert standing() == {"Alice": "due/letter", "Bob": "printed/letter"}
    assert print_letters(agency_id=district.pk, now=NOON) is None


@needs_pango
def test_who_is_barred_while_the_pages_are_made_is_not_in_the_file(district, sam, monkeypatch) -> None:
    alice, _bob = with_no_email(district, sam), with_no_email(district, sam, "Bob")
    told(district)
    lay_out = letter_pages.lay_out

    def lay_out_and_bar(letter, agency, today):
        if letter.guardian_id == alice.pk:
            f.make_hold(alice, sam)
        return lay_out(letter, agency, today)

    monkeypatch.setattr(letter_pages, "lay_out", lay_out_and_bar)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    assert "Bob" in page
    print_letters(agency_id=district.pk, now=NOON)
    assert standing() == {"Alice": "withheld/letter", "Bob": "printed/letter"}
    assert attempts(alice) == []


@needs_pango
def test_a_printing_that_died_is_done_again_and_two_never_take_the_same(district, sam, monkeypatch) -> None:
    with_no_email(district, sam)
    told(district)
    monkeypatch.setattr(pdf, "bind", lambda *a, **k: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        print_letters(agency_id=district.pk, now=NOON)
    monkeypatch.undo()
    assert print_letters(agency_id=district.pk, now=NOON) is None
    assert standing() == {"Alice": "due/letter"}
    assert print_letters(agency_id=district.pk, now=NOON + dt.timedelta(minutes=31)).letters == 1


@needs_pango
def test_posting_is_an_act_of_staff_and_settles_the_letters(district, sam) -> None:
    alice = with_no_email(district, sam)
    dana = f.make_staff(district)
    told(district)
    run = print_letters(agency_id=district.pk, now=NOON)
    assert mark_posted(run_id=run.pk, by=dana, now=NOON) == 1
    assert standing() == {"Alice": "posted/letter"}
    assert [result for _n, result, _code in attempts(alice)] == ["printed", "posted"]
    assert Delivery.objects.get().settled_at == NOON
    with pytest.raises(NotPrintedError):
        mark_posted(run_id=run.pk, by=dana, now=NOON)
    mark_returned(delivery_id=Delivery.objects.get().pk, by=dana)
    assert standing() == {"Alice": "failed/letter"}


@needs_pango
def test_a_letter_whose_reader_was_barred_after_printing_is_not_posted(district, sam) -> None:
    with_no_email(district, sam)
    told(district)
    run = print_letters(agency_id=district.pk, now=NOON)
    Delivery.objects.update(state="withheld", withheld_because="hold")
    with pytest.raises(NotPrintedError):
        mark_posted(run_id=run.pk, by=f.make_staff(district), now=NOON)


@needs_pango
def test_the_reference_on_the_slip_finds_the_letter_in_its_own_district_only(district, sam) -> None:
    with_no_email(district, sam)
    asked(district)
    [page] = pages(print_letters(agency_id=district.pk, now=NOON))
    delivery = Delivery.objects.get()
    reference = letters.reference_of(delivery.pk, str(delivery.public_id))
    assert reference in page
    assert find_by_reference(agency_id=district.pk, words=f" {reference.lower()} ") == delivery
    assert find_by_reference(agency_id=f.make_district().pk, words=reference) is None
    assert find_by_reference(agency_id=district.pk, words=f"{delivery.pk}-zzzz") is None
