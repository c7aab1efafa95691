"""Keeps what a page counts over all agreements while the register stays as it is (docs/decisions/0030).

A list that is narrowed or turned has many addresses, most of them asked for once; what it counts is the same
at each of them. It is kept as pages are: under the register's version and the release, in their places.
"""

import hashlib
import logging
import pickle
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db import connections, router

from .models import RegisterVersion
from .page_cache import LARGEST, page_release, place_of
from .public_room import read_once

T = TypeVar("T")

log = logging.getLogger(__name__)


def kept_figures(about: tuple[object, ...], count: Callable[[], T]) -> T:
    """Return what `count` returns, or returned since the register was last changed.

    `about` names it, with all it depends on besides the register: whose it is, and the day. The version is
    read before what is counted, which may then be newer than its tag, never older. What is counted must be
    read from tables that move the version, as those of kept pages are.
    """
    if not settings.PAGE_CACHE_PLACES:
        return count()
    register = read_once("register", _register)
    tag = hashlib.sha256(repr((register, page_release(), about)).encode()).hexdigest()
    place = place_of(repr(about))
    try:
        found = caches["pages"].get(place)
        if isinstance(found, tuple) and len(found) == 2 and found[0] == tag:
            kept: T = pickle.loads(found[1])  # noqa: S301 - our own, as what the cache keeps anyway
            return kept
    except Exception:
        log.warning("figures_cannot_be_read_from_the_cache", exc_info=True)
    made = count()
    packed = pickle.dumps(made)
    if len(packed) <= LARGEST:
        try:
            caches["pages"].set(place, (tag, packed))
        except Exception:
            log.warning("figures_cannot_be_kept", exc_info=True)
    return made


def _register() -> object:
    with connections[router.db_for_read(RegisterVersion)].cursor() as cursor:
        cursor.execute(RegisterVersion.CURRENT_AND_WRITER)
        return cursor.fetchone()
