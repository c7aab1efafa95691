"""A register with news, and a receiver on this machine that may be called."""

from collections.abc import Iterator

import pytest

from tests.cedar_valley import Town
from tests.portal.hooks.receiver import Receiver


@pytest.fixture
def town() -> Town:
    """Return Cedar Valley, its news published before anybody is called."""
    return Town()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """Open a receiver."""
    settings.HOOKS_MAY_CALL_LOOPBACK = True
    opened = Receiver()
    yield opened
    opened.close()
