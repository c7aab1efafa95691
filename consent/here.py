"""Tells the public register which districts' families this site writes to: those whose roster it holds."""

from django.db import connection

_MARK = """
    UPDATE districts_agency a SET has_families_here = here.has
      FROM (SELECT g.id, EXISTS (SELECT FROM consent_student s WHERE s.agency_id = g.id) AS has
              FROM districts_agency g) here
     WHERE here.id = a.id AND a.has_families_here <> here.has
"""


def mark_districts_here() -> int:
    """Write to each agency whether it has a roster here; return how many are marked anew.

    It says that there is a roster, never how many are on it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        return cursor.rowcount
