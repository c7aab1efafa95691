"""Ask of a company's own agreements whether it is public, whatever PostgreSQL guesses about the others.

Left to choose, it walked through all agreements for each product of a transaction where most were drafts: a
sheet of 4,000 products took 19 seconds to save beside 160 of them, and does 1 second. OFFSET 0 keeps the
question about one company.
"""

from importlib import import_module

from django.db import migrations

STAMP = import_module("districts.migrations.0012_the_register_is_stamped").STAMP
ANY_ORDER = ("openroll_is_public(a.id)\n", "openroll_incident_is_public(i.id))\n")
OWN_FIRST = ("openroll_is_public(a.id) OFFSET 0\n", "openroll_incident_is_public(i.id) OFFSET 0)\n")


def is_public(instead: tuple[str, str]) -> str:
    """Return the SQL that defines openroll_vendor_is_public anew, with these ends of its two questions."""
    start = STAMP.index("CREATE FUNCTION openroll_vendor_is_public")
    defined = STAMP[start : STAMP.index("$$;", start) + 3].replace("CREATE", "CREATE OR REPLACE")
    for before, after in zip(ANY_ORDER, instead, strict=True):
        if defined.count(before) != 1:
            raise ValueError("migration 0012 defines a public company in other words")
        defined = defined.replace(before, after)
    return defined


class Migration(migrations.Migration):
    dependencies = [("districts", "0024_the_discussion_is_followed")]

    operations = [migrations.RunSQL(is_public(OWN_FIRST), is_public(ANY_ORDER))]
