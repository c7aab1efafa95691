"""A register with news, a post office, and somebody who watches."""

import pytest
from django.core.cache import cache

from tests.cedar_valley import Town


@pytest.fixture
def town() -> Town:
    """Return Cedar Valley, its news published before anybody watches."""
    cache.clear()
    return Town()
