"""What the registered pages show: fixtures that make it, fill the path, and say who is signed in."""

from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from consent import decide, letter_codes
from consent.models import Objection
from districts.baselines import publish_baselines
from districts.models import Agency, Agreement, AgreementVersion, Vendor
from portal.asking.sending_in import token_of
from portal.hooks import gathering as hook_gathering
from portal.hooks.signing import token_of as token_of_hook
from portal.watching import asking
from portal.watching.models import Watch
from tests import factories as f
from tests.cedar_valley import Town, user_of
from tests.districts.company_cast import agree_with_many, others_speak
from tests.portal.askers import make_asked
from tests.portal.hooks import hooking

Situation = dict[str, Any]


@pytest.fixture
def published() -> Situation:
    """A register with an agreement, two versions, papers, a breach, a new owner; nobody is signed in."""
    town = Town()
    town.something_happens()
    return {**town.addresses(), **town.hands_in_papers()}


@pytest.fixture
def watched(published: Situation) -> Situation:
    """Somebody who watches the district, and has asked for the company too."""
    for kind, thing in (
        ("district", Agency.objects.get(slug="cedar-valley")),
        ("company", Vendor.objects.get(slug="lumino-reading")),
    ):
        asking.ask(email="alice@example.org", kind=kind, thing=thing, language="en", now=timezone.now())
    first, second = Watch.objects.order_by("pk")
    asking.confirm(first.key, now=timezone.now())
    return {**published, "watch": second.key, "watcher": second.watcher.key}


@pytest.fixture
def hooked(published: Situation) -> Situation:
    """A webhook that nobody confirmed yet, and one that runs, with calls that were taken and that wait."""
    company, url = Vendor.objects.get(slug="lumino-reading"), "https://receiver.example/" + "long/" * 20
    first, second = (hooking.asked(url, "company", company), hooking.hooked(url, "company", company))
    hook_gathering.gather(now=timezone.now())
    second.calls.filter(pk=second.calls.earliest("pk").pk).update(
        state="done", attempts=2, tried_at=timezone.now(), result="204"
    )
    return {**published, "asked_hook": token_of_hook(first), "hook": token_of_hook(second)}


@pytest.fixture
def discussed() -> Situation:
    """A proposed agreement that is open for comments, with hearings; nobody is signed in."""
    town = Town()
    talk = town.talks_in_public()
    agreement = Agreement.objects.get(public_id=talk["proposal"])
    asked = make_asked(agreement, is_confirmed=False, text="Who pays for it?")
    return {**town.addresses(), **talk, "token": token_of(asked)}


@pytest.fixture
def asked() -> Situation:
    """Alice, with two questions that wait."""
    town = Town()
    return {**town.addresses(), "user": user_of(town.alice)}


@pytest.fixture
def answered() -> Situation:
    """Alice, who said no where Bob said yes, disagreed with another thing, and has one question left."""
    town = Town()
    bob = f.make_guardian(town.district, "Bob", of=[town.sam], relation="father")
    town.answers("voice", "yes", bob)
    decision = town.answers("voice", "no")
    decide.object_to(
        student_id=town.sam.pk,
        agreement_id=town.agreement.pk,
        guardian_id=town.alice.pk,
        kind=Objection.Kind.DISAGREE,
        text="He is seven.",
        now=timezone.now(),
    )
    return {**town.addresses(), "receipt": decision.public_id, "user": user_of(town.alice)}


@pytest.fixture
def two_on_one_mailbox() -> Situation:
    """Somebody signed in whom the roster does not tell apart."""
    return {"user": f.make_user()}


@pytest.fixture
def letter() -> Situation:
    """Rosa, who has no mail on the roster, with the code of her letter and a mailbox she has just proven."""
    cache.clear()  # tries are counted there
    town = Town()
    rosa = f.make_guardian(town.district, "Rosa", of=[town.sam], email="")
    code = letter_codes.new_letter_code(guardian_id=rosa.pk, now=timezone.now())
    return {"code": code, "user": f.make_user()}


@pytest.fixture
def nobody_tried_before() -> Situation:
    """Nobody signed in, and no tries counted."""
    cache.clear()
    return {}


@pytest.fixture
def used_by_many() -> Situation:
    """A company with more agreements than a page has, a product, replies, an order, what was taken back."""
    town = Town()
    town.something_happens()
    others_speak(town)
    agree_with_many(town.lumino, 14, lines=3)
    return dict(town.addresses())


@pytest.fixture
def imported() -> Situation:
    """What a register sheet without data leaves: a district with 28 companies in use, among 22 districts."""
    state = f.make_state()
    for n in range(21):
        f.make_district(f"District {n}", state=state)
    district = f.make_district("Abington Schools", state=state, slug="abington")
    for n in range(28):
        name = f"Company {n:02} (formerly known as Something Else Learning, Inc.)"
        listed = f.make_agreement(district, f.make_vendor(name, slug=f"company-{n}"), title=name)
        AgreementVersion.objects.create(agreement=listed, number=1)
    published = publish_baselines(agencies=[district], now=timezone.now()).published
    return {"listed": published[0].agreement.public_id, "baseline": published[0].public_id}
