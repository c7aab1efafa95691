"""A real list names companies and no data: its pages say so once, and claim nothing that nobody knows."""

import pytest

from districts.baselines import publish_baselines
from districts.models import Agreement, AgreementVersion, Basis, Promise
from districts.news_feeds import newest
from districts.publish import publish_version
from districts.timeline import gathered
from tests import factories as f
from tests.districts.test_pages import words_of

pytestmark = pytest.mark.django_db

NOT_LISTED = "The district has not listed yet which data this is."
NONE = [("no-student-data", "other-data", Basis.SCHOOL_OFFICIAL)]
GRADE = [("grade", "school", Basis.SCHOOL_OFFICIAL)]


@pytest.fixture
def district():
    return f.make_district("Abington Schools", slug="abington")


def in_use(district, name, lines=()):
    """Make an agreement that is in use, of which the district lists these lines."""
    agreement = f.make_agreement(district, f.make_vendor(name, slug=name.lower()), title=name)
    f.make_draft(agreement, lines)
    return agreement


def opened(district):
    return publish_baselines(agencies=[district], now=f.NOW).published


def test_a_district_says_that_data_is_not_listed_instead_of_that_one_cannot_say_no(client, district):
    in_use(district, "Kahoot")
    in_use(district, "Newsela")
    assert len(opened(district)) == 2
    page = words_of(client, "/d/abington/")
    assert "2 companies and offices may get student data." in page
    assert NOT_LISTED in page
    assert "say no" not in page[: page.index("Companies and agreements")]


def test_where_some_is_listed_both_are_said(client, district):
    in_use(district, "Kahoot")
    in_use(district, "Newsela", GRADE)
    in_use(district, "Seesaw", GRADE)
    opened(district)
    page = words_of(client, "/d/abington/")
    assert "None of the 3 agreements in use lets you say no." in page
    assert "For 1 agreement in use, the district has not listed yet which data it is about." in page
    assert NOT_LISTED not in page


def test_a_company_that_gets_no_data_is_not_counted_and_has_nothing_to_allow(client, district):
    agreement = in_use(district, "Framefill", NONE)
    (baseline,) = opened(district)
    assert "0 companies and offices may get student data." in words_of(client, "/d/abington/")
    assert [change.category for change in baseline.changes.all()] == [None]
    page = words_of(client, f"/agreements/{agreement.public_id}/v1/")
    assert "The company says it gets no data about students." in page
    assert "There is nothing to allow." in page
    assert "Low sensitivity" not in page


def test_the_page_of_no_data_asks_not_who_gets_it_and_names_the_agreements_that_say_so(client, district):
    in_use(district, "Framefill", NONE)
    assert "No agreement in use on this site says so." in words_of(client, "/data/no-student-data/")
    opened(district)
    page = words_of(client, "/data/no-student-data/")
    assert "Agreements that share no student data" in page
    assert "Framefill , Abington Schools" in page
    for asked in ("Who may get", "Who could get", "Can I say no?"):
        assert asked not in page


def test_a_name_that_is_the_companys_stands_once(client, district):
    in_use(district, "Kahoot")
    opened(district)
    page = words_of(client, "/d/abington/")
    assert "Kahoot In use, agreement signed" in page
    assert "Kahoot Kahoot" not in page


def test_what_is_not_filled_in_of_an_agreement_is_said_once_for_each_part(client, district):
    agreement = in_use(district, "Kahoot")
    AgreementVersion.objects.update(subcontractors_answer="not_filled_in")
    opened(district)
    page = words_of(client, f"/agreements/{agreement.public_id}/v1/")
    gap = "The district has not filled this in yet."
    assert page.count(gap) == 4  # the ground, other companies, the promises, the clauses
    assert f"{gap} May the company sell the data? May it use the data for ads?" in page
    assert "Not filled in yet Address of the company, Cost" in page
    assert "Your choice Not filled in" in page
    assert "See the table" not in page


def test_a_promise_that_was_read_stands_before_those_that_were_not(client, district):
    agreement = in_use(district, "Kahoot")
    Promise.objects.create(version=agreement.versions.get(), code="liability", answer="no")
    opened(district)
    page = words_of(client, f"/agreements/{agreement.public_id}/v1/")
    assert (
        "Must it pay for harm it causes? No The district has not filled this in yet. May the company" in page
    )


def test_history_gathers_what_was_in_use_before_the_site_opened_and_keeps_the_news_in_sight(
    district, django_assert_num_queries
):
    for name in "ABC":
        in_use(district, name)
    opened(district)
    news = publish_version(version_id=f.make_draft(f.make_agreement(district)).pk, now=f.NOW)
    with django_assert_num_queries(4):
        items = gathered(*newest(district, 5), 5)
    assert [item["text"] for item in items][1:] == ["3 agreements were in use before this site opened."]
    assert str(news.public_id) in items[0]["url"]


def test_one_alone_is_named_and_nothing_is_called_a_change(client, district):
    in_use(district, "Kahoot", [*GRADE, ("voice-recording", "voice", Basis.SCHOOL_OFFICIAL)])
    (baseline,) = opened(district)
    (item,) = gathered(*newest(district, 5), 5)
    assert item["text"] == "Kahoot already has an agreement with Abington Schools."
    page = words_of(client, f"/changes/{baseline.public_id}/")
    assert "Already in use: Kahoot" in page
    assert "Nothing changed on this day." in page
    assert "more change" not in page
    assert "0 Added" not in page


def test_two_agreements_of_one_company_have_titles_and_addresses_of_their_own(client, district):
    other = f.make_district("Agawam Schools")
    company = f.make_vendor("Kahoot")
    made = [f.make_agreement(one, company, title="Kahoot") for one in (district, other)]
    for agreement in made:
        f.make_draft(agreement)
    publish_baselines(agencies=[district, other], now=f.NOW)
    heads = [
        client.get(f"/agreements/{one.public_id}/v1/").content.decode().split("<body")[0] for one in made
    ]
    titles = {head.split("<title>")[1].split("</title>")[0] for head in heads}
    assert len(titles) == 2
    for agreement, head in zip(made, heads, strict=True):
        assert (
            f'<link rel="canonical" href="http://127.0.0.1:8000/agreements/{agreement.public_id}/v1/">'
            in head
        )


def test_the_first_page_lists_districts_only_while_they_are_few(client, district):
    assert "Abington Schools" in words_of(client, "/")
    state = f.make_state()
    for n in range(20):
        f.make_district(f"District {n}", state=state)
    page = words_of(client, "/")
    assert "21 school districts are on this site. See all districts" in page
    assert "Abington Schools" not in page


def test_of_the_query_only_what_makes_another_page_is_in_its_address(client, district):
    assert Agreement.objects.count() == 0
    html = client.get("/companies/?page=1&utm_source=x").content.decode()
    assert '<link rel="canonical" href="http://127.0.0.1:8000/companies/?page=1">' in html
    assert 'rel="canonical"' not in client.get("/no-such-page/").content.decode()
