"""The night finds what an event forgot to recompute, says so loudly, and puts it right."""

import datetime as dt

import pytest
from structlog.testing import capture_logs

from consent import daily
from consent.models import CatchUp, EffectiveState
from tests import factories as f
from tests.consent.answering import answer
from tests.consent.worlds import ADDRESS, World

pytestmark = pytest.mark.django_db

TONIGHT = f.NOW + dt.timedelta(days=1)


def turned(world: World) -> list[dict[str, object]]:
    with capture_logs() as logs:
        assert daily.turn_days(now=TONIGHT) == [world.district.pk]
    return [entry for entry in logs if entry["event"] == "states_had_drifted"]


@pytest.fixture
def world() -> World:
    """A district whose states were brought into today."""
    world = World(ADDRESS)
    CatchUp.objects.create(agency=world.district, looked_until=f.NOW, looked_on=f.TODAY, states_on=f.TODAY)
    return world


def test_drift_is_reported_by_night_and_mended(world):
    answer(world.sam, world.question(), world.alice, "yes")  # past the service: nothing was recomputed
    (found,) = turned(world)
    assert (found["log_level"], found["states"]) == ("error", 1)
    assert EffectiveState.objects.get().answer == "yes"


def test_a_day_on_which_every_event_did_its_work_shows_none(world):
    assert turned(world) == []
