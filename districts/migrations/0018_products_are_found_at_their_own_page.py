"""Let the search lead from a product to its own page: its address is made of the company's and its own."""

from importlib import import_module

from django.db import migrations, models

DEFINED = import_module("districts.migrations.0009_search_entries").SEARCHABLE
OF_A_PRODUCT = "concat_ws('. ', v.name, nullif(p.summary, '')), {reference},"
COMPANY, PRODUCT = "v.slug", "v.slug || '/' || p.slug"


def searchable(reference: str) -> str:
    """Return the SQL that defines what is found, with what a product's address is made of, and enters them."""
    before = OF_A_PRODUCT.format(reference=COMPANY)
    if before not in DEFINED:
        raise ValueError("migration 0009 defines products in other words")
    view = DEFINED.replace(before, OF_A_PRODUCT.format(reference=reference))
    entered = "SELECT openroll_search_refresh('product', ARRAY(SELECT id FROM districts_product));"
    return view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW") + entered


class Migration(migrations.Migration):
    dependencies = [("districts", "0017_breaches_left_off_rulings_and_remarks")]

    operations = [
        migrations.AlterField("searchentry", "reference", models.CharField(max_length=161)),
        migrations.RunSQL(searchable(PRODUCT), searchable(COMPANY)),
    ]
