"""The main job, end to end, as it could have gone on 21 November 2013.

Daybreak's families (inBloom's own fictional district) are told that a state agreement lets inBloom hold 384
data points; they answer in a browser, by a letter's code and on paper; the district gets a list it can act
on and a roster that obeys it. A second version asks only about what is new.
"""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.management import call_command

from consent import newcomers, tasks
from consent.audience import preview
from consent.models import (
    Decision,
    Delivery,
    Guardian,
    Notice,
    QuestionVersion,
    Student,
)
from districts import participation, publish
from districts.drafts import open_draft
from districts.models import (
    Agency,
)
from tests.stories.daybreak import (
    DAY,
    NOW,
    ROSTER,
    add_voice,
    enroll_later,
    exported,
    filtered_students,
    make_statewide_draft,
    tell,
    told,
)
from tests.stories.people import (
    Families,
    ThatDay,
    code_on_the_letter_of,
    enter_paper_answer,
    letters_printed,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_inputs,
    pytest.mark.browser,
    pytest.mark.pango,
]


@pytest.fixture
def daybreak(transactional_db):
    """Import the catalogue and Daybreak's roster as of the day."""
    call_command("load_catalogue", verbosity=0)
    call_command(
        "import_roster",
        str(ROSTER),
        "--agency=IL-DAYBREAK",
        "--create",
        f"--as-of={DAY}",
        f"--demographics={ROSTER / 'demographics_min.csv'}",
        verbosity=0,
    )
    return Agency.objects.get(state_agency_id="IL-DAYBREAK")


@pytest.fixture
def families(open_page, post_office, live_server, settings, monkeypatch) -> Families:
    """Let the site live on that day, its mails lead to it; a sign-in code is sent at once, not queued."""
    monkeypatch.setattr("django.utils.timezone.now", ThatDay(NOW))
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", tasks.send_sign_in_code.run)
    cache.clear()  # tries are counted there
    return Families(open_page, post_office, live_server.url)


def test_daybreak_and_inbloom(daybreak, families, post_office, tmp_path):
    version = make_statewide_draft(daybreak)
    publish.publish_version(version_id=version.pk, now=NOW)
    participation.join(
        agreement_id=version.agreement_id, agency_id=daybreak.pk, kind="joined", from_on=DAY, by=None, now=NOW
    )
    assert sum(len(line.reported_as) for line in version.shared_elements.all()) == 384

    # 19 people are told, 13 by mail and 6 by letter; 61 children have nobody to tell.
    seen = preview(version.pk, daybreak.pk, DAY)
    assert (seen.people, seen.children, seen.nobody_to_tell) == (19, 78, 61)
    tell()
    notice = Notice.objects.get(agency=daybreak, publication__kind="joined")
    assert told(notice) == {"mail": 13, "letter": 6}
    assert len(post_office.mails) == 13
    tell()
    assert len(post_office.mails) == 13  # nobody is told twice

    # One answers by browser, one by the code of a letter, one on paper.
    troung = Guardian.objects.get(agency=daybreak, roster_id="6473283635")
    first = Student.objects.get(agency=daybreak, roster_id="100000017")
    child = Student.objects.get(agency=daybreak, roster_id="900000016")
    health = QuestionVersion.objects.get(
        question__agreement=version.agreement, question__category__code="student-health"
    )
    answer = families.answer_from_the_mail(troung, first, health, "yes")
    assert "The district has not acted yet." in answer
    mother = Guardian.objects.get(agency=daybreak, roster_id="0798132465")
    letters = letters_printed(daybreak, NOW)
    assert len(letters) == 6
    code = code_on_the_letter_of(mother, letters)
    families.answer_with_a_letter(code, "felizia@example.org", child, health, "no")
    adults = notice.deliveries.filter(channel="letter", guardian__guardianships__relation="self")
    grown = Student.objects.get(pk=adults.first().about[0])
    enter_paper_answer(daybreak, grown, health, "yes")
    assert list(Decision.objects.order_by("pk").values_list("channel", "answer")) == [
        ("web", "yes"),
        ("web", "no"),
        ("paper", "yes"),
    ]

    # The export and the filtered roster follow.
    permitted = exported(daybreak, version.agreement)
    assert child.roster_id not in permitted
    assert {first.roster_id, grown.roster_id} <= permitted
    kept = filtered_students(daybreak, version.agreement, tmp_path)
    assert child.roster_id not in kept

    # A second version with one new category tells the same people again, and opens only what is new.
    draft = open_draft(version.agreement_id)
    add_voice(draft)
    publish.publish_version(version_id=draft.pk, now=NOW + dt.timedelta(days=3))
    tell(NOW + dt.timedelta(days=3))
    second = Notice.objects.filter(agency=daybreak).latest("pk")
    people = set(second.deliveries.values_list("guardian", flat=True))
    assert people == set(notice.deliveries.values_list("guardian", flat=True))
    assert list(
        QuestionVersion.objects.filter(version=draft)
        .exclude(new=[])
        .values_list("question__category__code", flat=True)
    ) == ["student-media"]

    # A child enrolled later is welcomed once, not flooded.
    _newcomer, parent = enroll_later(daybreak)
    assert newcomers.catch_up(now=NOW + dt.timedelta(days=4)) == 1
    tell(NOW + dt.timedelta(days=4))
    assert Delivery.objects.filter(guardian=parent).count() == 1
    assert newcomers.catch_up(now=NOW + dt.timedelta(days=5)) == 0
