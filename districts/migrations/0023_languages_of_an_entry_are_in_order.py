"""Name the languages of what is found in one order, whatever plan PostgreSQL reads them by."""

from importlib import import_module

from django.db import migrations

products = import_module("districts.migrations.0018_products_are_found_at_their_own_page")
ANY_ORDER = "o.language FROM districts_elementtext o WHERE o.element_id = e.id)"
IN_ORDER = "o.language FROM districts_elementtext o WHERE o.element_id = e.id ORDER BY o.language)"


def ordered() -> str:
    """Return the SQL that defines what is found, the languages in order, and enters the kinds of data anew."""
    before = products.searchable(products.PRODUCT)
    if ANY_ORDER not in before:
        raise ValueError("migration 0009 defines languages in other words")
    entered = "SELECT openroll_search_refresh('element', ARRAY(SELECT id FROM districts_dataelement));"
    return before.replace(ANY_ORDER, IN_ORDER) + entered


class Migration(migrations.Migration):
    dependencies = [("districts", "0022_more_changes_move_the_registers_version")]

    operations = [migrations.RunSQL(ordered(), products.searchable(products.PRODUCT))]
