"""What can be found, and under which words: one row for each thing of the public register.

`openroll_searchable` is the definition, `districts_searchentry` its indexed copy. Triggers renew the copy in
the transaction that changes the register, whoever changes it (docs/decisions/0011).
"""

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models

KINDS = ("agency", "school", "vendor", "product", "element", "agreement")

# Lower case, without accents and punctuation. All characters up to U+00BF that are no digits or letters part
# words, by code, so that the server's locale does not matter; apostrophes go without a trace.
KEY = r"""
CREATE FUNCTION openroll_search_key(text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        replace(lower(unaccent(replace($1, chr(8217), ''''))), '''', ''),
        '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u3000-\u303F\uFFFD]+', ' ', 'g'
    ))
$$;
"""

# A partition for each kind: its own indexes, its own statistics.
TABLE = f"""
CREATE TABLE districts_searchentry (
    kind varchar(9) NOT NULL,
    object_id bigint NOT NULL,
    language varchar(8) NOT NULL,
    languages varchar(8)[] NOT NULL,
    title varchar(200) NOT NULL,
    note varchar(500) NOT NULL,
    reference varchar(80) NOT NULL,
    key text COLLATE "C" NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (kind, object_id, language)
) PARTITION BY LIST (kind);
{
    "".join(
        f"CREATE TABLE districts_searchentry_{kind} PARTITION OF districts_searchentry FOR VALUES IN ('{kind}');"
        for kind in KINDS
    )
}
CREATE INDEX search_entry_by_key ON districts_searchentry (key, object_id);
CREATE INDEX search_entry_by_word ON districts_searchentry USING gin (words);
CREATE INDEX search_entry_by_likeness ON districts_searchentry USING gin (key gin_trgm_ops);
"""

# Drafts are in nobody's sight: a company, a product or a district's own kind of data is found once an
# agreement that names it is published. A renamed kind of data is found as what it stands for.
SEARCHABLE = """
CREATE VIEW openroll_searchable AS
WITH entry (kind, object_id, language, languages, title, note, reference, said) AS (
    SELECT 'agency', a.id, '', '{}'::text[], a.name,
           concat_ws(', ', nullif(a.city, ''), concat_ws(' ', a.state_code, nullif(a.zip_code, ''))), a.slug,
           concat_ws(' ', a.name, a.city, a.state_code, a.zip_code, a.nces_id)
      FROM districts_agency a
  UNION ALL
    SELECT 'school', s.id, '', '{}', s.name,
           concat_ws(', ', a.name, coalesce(nullif(s.city, ''), nullif(a.city, '')), a.state_code), a.slug,
           concat_ws(' ', s.name, s.city, s.zip_code, a.name, a.city, a.state_code)
      FROM districts_school s JOIN districts_agency a ON a.id = s.agency_id
     WHERE s.ended_on IS NULL
  UNION ALL
    SELECT 'vendor', v.id, '', '{}', v.name, v.summary, v.slug,
           concat_ws(' ', v.name, v.legal_name, v.summary)
      FROM districts_vendor v
     WHERE EXISTS (SELECT FROM districts_agreement g JOIN districts_agreementversion n ON n.agreement_id = g.id
                    WHERE g.vendor_id = v.id AND n.published_at IS NOT NULL)
  UNION ALL
    SELECT 'product', p.id, '', '{}', p.name, concat_ws('. ', v.name, nullif(p.summary, '')), v.slug,
           concat_ws(' ', p.name, p.summary, v.name)
      FROM districts_product p JOIN districts_vendor v ON v.id = p.vendor_id
     WHERE EXISTS (SELECT FROM districts_agreement_products l
                     JOIN districts_agreementversion n ON n.agreement_id = l.agreement_id
                    WHERE l.product_id = p.id AND n.published_at IS NOT NULL)
  UNION ALL
    SELECT 'agreement', g.id, '', '{}', g.title, concat_ws(', ', v.name, a.name), g.public_id::text,
           concat_ws(' ', g.title, v.name, v.legal_name, a.name, a.city, a.state_code,
                     (SELECT string_agg(p.name, ' ') FROM districts_agreement_products l
                        JOIN districts_product p ON p.id = l.product_id WHERE l.agreement_id = g.id))
      FROM districts_agreement g
      JOIN districts_vendor v ON v.id = g.vendor_id
      JOIN districts_agency a ON a.id = g.agency_id
     WHERE EXISTS (SELECT FROM districts_agreementversion n
                    WHERE n.agreement_id = g.id AND n.published_at IS NOT NULL)
  UNION ALL
    SELECT 'element', e.id, t.language,
           ARRAY(SELECT DISTINCT o.language FROM districts_elementtext o WHERE o.element_id = e.id),
           t.label, coalesce(c.label, ''), e.code, concat_ws(' ', t.label, e.code, c.label)
      FROM districts_dataelement e
     CROSS JOIN LATERAL (SELECT DISTINCT ON (o.language) o.language, o.label FROM districts_elementtext o
                          WHERE o.element_id = e.id ORDER BY o.language, o.revision DESC) t
      LEFT JOIN LATERAL (SELECT o.label FROM districts_categorytext o
                          WHERE o.category_id = e.category_id AND o.language IN (t.language, 'en')
                          ORDER BY o.language = t.language DESC, o.revision DESC LIMIT 1) c ON true
     WHERE e.same_meaning_as_id IS NULL
       AND (e.agency_id IS NULL
            OR EXISTS (SELECT FROM districts_sharedelement l JOIN districts_agreementversion n ON n.id = l.version_id
                        WHERE l.element_id = e.id AND n.published_at IS NOT NULL))
)
SELECT kind, object_id, language, languages, title, note, reference, openroll_search_key(title) AS key,
       array_to_tsvector(string_to_array(openroll_search_key(said), ' ')) AS words
  FROM entry;
"""

# Locks what the words are made of, reads them, writes them. The locks make two transactions take turns that
# would each miss what the other one does (a company renamed while its agreement is published).
REFRESH = """
CREATE FUNCTION openroll_search_refresh(which text, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM districts_vendor v
      WHERE v.id IN (SELECT vendor_id FROM districts_product WHERE id = ANY (ids) AND which = 'product'
               UNION SELECT vendor_id FROM districts_agreement WHERE id = ANY (ids) AND which = 'agreement')
      ORDER BY v.id FOR SHARE;
    PERFORM FROM districts_agency a
      WHERE a.id IN (SELECT agency_id FROM districts_school WHERE id = ANY (ids) AND which = 'school'
               UNION SELECT agency_id FROM districts_agreement WHERE id = ANY (ids) AND which = 'agreement')
      ORDER BY a.id FOR SHARE;
    DELETE FROM districts_searchentry e WHERE e.kind = which AND e.object_id = ANY (ids);
    INSERT INTO districts_searchentry
    SELECT * FROM openroll_searchable s WHERE s.kind = which AND s.object_id = ANY (ids)
        ON CONFLICT (kind, object_id, language) DO UPDATE
       SET languages = excluded.languages, title = excluded.title, note = excluded.note,
           reference = excluded.reference, key = excluded.key, words = excluded.words;
END $$;

CREATE FUNCTION openroll_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched text := CASE TG_OP WHEN 'INSERT' THEN 'arrived' WHEN 'DELETE' THEN 'gone'
                               ELSE '(TABLE gone UNION ALL TABLE arrived)' END;
    ids bigint[];
BEGIN
    FOR n IN 0 .. TG_NARGS - 1 BY 2 LOOP
        EXECUTE format('SELECT array_agg(DISTINCT found.id) FROM (%s) found',
                       replace(TG_ARGV[n + 1], 'touched', touched || ' t')) INTO ids;
        IF ids IS NOT NULL THEN
            PERFORM openroll_search_refresh(TG_ARGV[n], ids);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""

# table -> which entries its rows are part of, each with the query that names them
FOLLOWED = {
    "districts_agency": {
        "agency": "SELECT id FROM touched",
        "school": "SELECT s.id FROM touched JOIN districts_school s ON s.agency_id = t.id",
        "agreement": "SELECT g.id FROM touched JOIN districts_agreement g ON g.agency_id = t.id",
    },
    "districts_school": {"school": "SELECT id FROM touched"},
    "districts_vendor": {
        "vendor": "SELECT id FROM touched",
        "product": "SELECT p.id FROM touched JOIN districts_product p ON p.vendor_id = t.id",
        "agreement": "SELECT g.id FROM touched JOIN districts_agreement g ON g.vendor_id = t.id",
    },
    "districts_product": {
        "product": "SELECT id FROM touched",
        "agreement": "SELECT l.agreement_id AS id FROM touched"
        " JOIN districts_agreement_products l ON l.product_id = t.id",
    },
    "districts_agreement": {
        "agreement": "SELECT id FROM touched",
        "vendor": "SELECT vendor_id AS id FROM touched",
    },
    "districts_agreement_products": {
        # whoever publishes the agreement holds its row: wait for them
        "agreement": "SELECT g.id FROM touched JOIN districts_agreement g ON g.id = t.agreement_id"
        " FOR SHARE OF g",
        "product": "SELECT product_id AS id FROM touched",
    },
    "districts_agreementversion": {
        "agreement": "SELECT agreement_id AS id FROM touched",
        "vendor": "SELECT g.vendor_id AS id FROM touched JOIN districts_agreement g ON g.id = t.agreement_id",
        "product": "SELECT l.product_id AS id FROM touched"
        " JOIN districts_agreement_products l ON l.agreement_id = t.agreement_id",
        "element": "SELECT l.element_id AS id FROM touched JOIN districts_sharedelement l ON l.version_id = t.id"
        " JOIN districts_dataelement e ON e.id = l.element_id AND e.agency_id IS NOT NULL",
    },
    "districts_dataelement": {"element": "SELECT id FROM touched"},
    "districts_elementtext": {"element": "SELECT element_id AS id FROM touched"},
    "districts_categorytext": {
        "element": "SELECT e.id FROM touched JOIN districts_dataelement e ON e.category_id = t.category_id"
    },
}
EVENTS = {
    "INSERT": "NEW TABLE AS arrived",
    "UPDATE": "OLD TABLE AS gone NEW TABLE AS arrived",
    "DELETE": "OLD TABLE AS gone",
}


def follow(table: str, entries: dict[str, str]) -> migrations.RunSQL:
    """Return the operation that renews the entries whenever rows of a table come, change or go."""
    arguments = ", ".join(f"'{part}'" for pair in entries.items() for part in pair)
    made = [
        f"CREATE TRIGGER search_follows_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION openroll_search_follow({arguments});"
        for event, rows in EVENTS.items()
    ]
    undone = [f"DROP TRIGGER search_follows_{event.lower()} ON {table};" for event in EVENTS]
    return migrations.RunSQL("\n".join(made), "\n".join(undone))


ENTRY = migrations.CreateModel(
    name="SearchEntry",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "kind",
                "object_id",
                "language",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("kind", models.CharField(max_length=9)),
        ("object_id", models.BigIntegerField()),
        ("language", models.CharField(max_length=8)),
        (
            "languages",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None),
        ),
        ("title", models.CharField(max_length=200)),
        ("note", models.CharField(max_length=500)),
        ("reference", models.CharField(max_length=80)),
        ("key", models.TextField(db_collation="C")),
        ("words", django.contrib.postgres.search.SearchVectorField()),
    ],
    options={"verbose_name_plural": "search entries"},
)


class Migration(migrations.Migration):
    dependencies = [("districts", "0008_what_was_published_keeps_its_meaning")]

    operations = [
        migrations.RunSQL(KEY, "DROP FUNCTION openroll_search_key(text);"),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TABLE, "DROP TABLE districts_searchentry;")], [ENTRY]
        ),
        migrations.RunSQL(SEARCHABLE, "DROP VIEW openroll_searchable;"),
        migrations.RunSQL(
            REFRESH,
            "DROP FUNCTION openroll_search_follow(); DROP FUNCTION openroll_search_refresh(text, bigint[]);",
        ),
        *[follow(table, entries) for table, entries in FOLLOWED.items()],
    ]
