"""What an element stands for: one step, and for good once it was published."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from districts.models import DataElement, Prohibition
from districts.refusals import refusals
from tests.consent.news import freeze
from tests.factories import TODAY, make_agreement, make_category, make_district, make_draft, make_element

pytestmark = pytest.mark.django_db

CHAIN = "stands for one that stands for itself"
KEPT = "keeps its group and its meaning"


def refused(words: str, **changes: object) -> None:
    """Try to change the element `photo` past the forms, straight in the database."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        DataElement.objects.filter(code="photo").update(**changes)


def test_no_element_stands_for_one_that_stands_for_another():
    ssn = make_element("ssn", "ids")
    soc = make_element("soc", "ids", same_meaning_as=ssn)
    with pytest.raises(IntegrityError, match=CHAIN), transaction.atomic():
        make_element("social", "ids", same_meaning_as=soc)
    photo = make_element("photo", "ids")
    refused(CHAIN, same_meaning_as=soc)
    make_element("picture", "ids", same_meaning_as=photo)
    refused(CHAIN, same_meaning_as=ssn)  # another code stands for it
    photo.same_meaning_as = soc
    with pytest.raises(ValidationError):
        photo.clean()


def test_another_code_does_not_get_round_what_the_law_forbids():
    district = make_district()
    ssn = make_element("ssn", "ids")
    Prohibition.objects.create(law_profile=district.law_profile, element=ssn, citation="105 ILCS 85")
    make_element("soc", "ids", same_meaning_as=ssn)
    draft = make_draft(make_agreement(district), lines=[("soc", "ids", "school_official")])
    assert [refusal.code for refusal in refusals(draft.pk, today=TODAY)] == ["prohibited_without_reason"]


@pytest.mark.parametrize("published", ["photo", "portrait"])
def test_an_element_keeps_its_group_and_meaning_once_it_or_another_code_of_it_was_published(published):
    photo, other, group = make_element("photo"), make_element("video"), make_category("images")
    make_element("portrait", same_meaning_as=photo)
    draft = make_draft(make_agreement(make_district()), lines=[(published, "contact", "consent")])
    photo.category = group
    photo.clean()
    freeze(draft)
    refused(KEPT, category=group)
    with pytest.raises(ValidationError):
        photo.clean()
    DataElement.objects.filter(code="photo").update(sensitivity="high")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataElement.objects.filter(code=published).update(same_meaning_as=other)
