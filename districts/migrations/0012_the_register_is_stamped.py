"""Let PostgreSQL count the register's version, and stamp whatever a transaction changed of what is public.

Deferred to the commit, behind one lock: numbers follow the commits, and nobody waits while somebody works.
"""

from django.db import migrations

LOCK = 7_311_205

STAMP = """
CREATE FUNCTION openroll_stamp_object(resource_name text, object_key text, is_public boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    new_version bigint := nullif(current_setting('openroll.register_version', true), '')::bigint;
BEGIN
    -- What was never public leaves no trace; what was is stamped once more when it goes.
    IF NOT is_public AND NOT EXISTS (
        SELECT FROM districts_registerstamp WHERE resource = resource_name AND key = object_key
    ) THEN
        RETURN;
    END IF;
    IF new_version IS NULL THEN  -- one number for all that this transaction changed
        INSERT INTO districts_registerversion AS known (id, number) VALUES (1, 1)
            ON CONFLICT (id) DO UPDATE SET number = known.number + 1 RETURNING number INTO new_version;
        PERFORM set_config('openroll.register_version', new_version::text, true);
    END IF;
    INSERT INTO districts_registerstamp AS known (resource, key, version)
        VALUES (resource_name, object_key, new_version)
        ON CONFLICT (resource, key) DO UPDATE SET version = new_version WHERE known.version <> new_version;
END $$;

CREATE FUNCTION openroll_is_public(agreement bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM districts_agreementversion WHERE agreement_id = agreement AND published_at IS NOT NULL
    )
$$;

-- One of no company and no agreement is the agency's page's alone; any other is public once it was told.
CREATE FUNCTION openroll_incident_is_public(incident bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM districts_publication p WHERE p.incident_id = incident)
        OR EXISTS (SELECT FROM districts_incident i
                    WHERE i.id = incident AND i.vendor_id IS NULL AND i.agreement_id IS NULL)
$$;

CREATE FUNCTION openroll_stamp_incident(incident bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM openroll_stamp_object('incidents', public_id::text, openroll_incident_is_public(id))
       FROM districts_incident WHERE id = incident;
    PERFORM openroll_stamp_vendor(vendor_id) FROM districts_incident WHERE id = incident;
    PERFORM openroll_stamp_element(dataelement_id) FROM districts_incident_elements WHERE incident_id = incident;
END $$;

CREATE FUNCTION openroll_stamp_vendor(vendor bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    above record;
BEGIN
    -- The company, and whoever owns it: an owner is public as long as something it owns is.
    FOR above IN
        WITH RECURSIVE owner(id) AS (
            SELECT vendor
            UNION SELECT o.owner_id FROM districts_vendorownership o JOIN owner ON o.vendor_id = owner.id
        ) SELECT id, openroll_vendor_is_public(id) AS is_public FROM owner WHERE id IS NOT NULL
    LOOP
        PERFORM openroll_stamp_object('vendors', above.id::text, above.is_public);
        PERFORM openroll_stamp_object('products', p.id::text, above.is_public)
           FROM districts_product p WHERE p.vendor_id = above.id;
    END LOOP;
END $$;

CREATE FUNCTION openroll_vendor_is_public(vendor bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE owned(id) AS (
        SELECT vendor
        UNION SELECT o.vendor_id FROM districts_vendorownership o JOIN owned ON o.owner_id = owned.id
    ) SELECT EXISTS (
        SELECT FROM owned WHERE EXISTS (
            SELECT FROM districts_agreement a WHERE a.vendor_id = owned.id AND openroll_is_public(a.id)
        ) OR EXISTS (SELECT FROM districts_incident i
                    WHERE i.vendor_id = owned.id AND openroll_incident_is_public(i.id))
    )
$$;

CREATE FUNCTION openroll_stamp_element(element bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('elements', e.code, e.agency_id IS NULL OR EXISTS (
        SELECT FROM districts_sharedelement s JOIN districts_agreementversion v ON v.id = s.version_id
         WHERE s.element_id = e.id AND v.published_at IS NOT NULL
    ) OR EXISTS (SELECT FROM districts_incident_elements i
                WHERE i.dataelement_id = e.id AND openroll_incident_is_public(i.incident_id)))
      FROM districts_dataelement e WHERE e.id = element
$$;

CREATE FUNCTION openroll_stamp_agreement(agreement bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('agreements', a.public_id::text, openroll_is_public(a.id))
      FROM districts_agreement a WHERE a.id = agreement
$$;

CREATE FUNCTION openroll_stamp_version(version bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('versions', v.id::text, v.published_at IS NOT NULL)
      FROM districts_agreementversion v WHERE v.id = version
$$;

-- An agreement's first published version makes public whatever hangs on it.
CREATE FUNCTION openroll_stamp_publishing(version bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_agreement bigint := (SELECT agreement_id FROM districts_agreementversion
                             WHERE id = version AND published_at IS NOT NULL);
BEGIN
    IF of_agreement IS NULL THEN
        RETURN;
    END IF;
    PERFORM openroll_stamp_version(version);
    PERFORM openroll_stamp_element(element_id) FROM (
        SELECT DISTINCT s.element_id FROM districts_sharedelement s
          JOIN districts_dataelement e ON e.id = s.element_id
         WHERE s.version_id = version AND e.agency_id IS NOT NULL
    ) AS of_an_agency;
    IF EXISTS (SELECT FROM districts_agreementversion
                WHERE agreement_id = of_agreement AND published_at IS NOT NULL AND id <> version) THEN
        RETURN;
    END IF;
    PERFORM openroll_stamp_agreement(of_agreement);
    PERFORM openroll_stamp_vendor(vendor_id) FROM districts_agreement WHERE id = of_agreement;
    PERFORM openroll_stamp_object('participations', id::text, true)
       FROM districts_participation WHERE agreement_id = of_agreement;
    PERFORM openroll_stamp_object('publications', public_id::text, true)
       FROM districts_publication WHERE agreement_id = of_agreement;
    PERFORM openroll_stamp_incident(id) FROM districts_incident WHERE agreement_id = of_agreement;
END $$;
"""

# table -> what a row of it touches; {row} is the row as it was, then as it is.
TOUCHED = {
    "districts_agency": "PERFORM openroll_stamp_object('agencies', {row}.id::text, true);",
    "districts_school": "PERFORM openroll_stamp_object('schools', {row}.id::text, true);",
    "districts_vendor": "PERFORM openroll_stamp_vendor({row}.id);"
    "PERFORM openroll_stamp_object('vendors', {row}.id::text, false);",
    "districts_vendorownership": "PERFORM openroll_stamp_vendor({row}.vendor_id);"
    "PERFORM openroll_stamp_vendor({row}.owner_id);",
    "districts_product": "PERFORM openroll_stamp_object("
    "'products', {row}.id::text, openroll_vendor_is_public({row}.vendor_id));",
    "districts_datacategory": "PERFORM openroll_stamp_object('categories', {row}.code, true);",
    "districts_categorytext": "PERFORM openroll_stamp_object('categories', c.code, true)"
    " FROM districts_datacategory c WHERE c.id = {row}.category_id;",
    "districts_purpose": "PERFORM openroll_stamp_object('purposes', {row}.code, true);",
    "districts_purposetext": "PERFORM openroll_stamp_object('purposes', p.code, true)"
    " FROM districts_purpose p WHERE p.id = {row}.purpose_id;",
    "districts_dataelement": "PERFORM openroll_stamp_element({row}.id);"
    "PERFORM openroll_stamp_object('elements', {row}.code, false);",
    "districts_elementtext": "PERFORM openroll_stamp_element({row}.element_id);",
    "districts_crosswalk": "PERFORM openroll_stamp_element({row}.element_id);",
    "districts_prohibition": "PERFORM openroll_stamp_element({row}.element_id);",
    "districts_agreement": "PERFORM openroll_stamp_agreement({row}.id);"
    "PERFORM openroll_stamp_vendor({row}.vendor_id);",
    "districts_agreement_products": "PERFORM openroll_stamp_agreement({row}.agreement_id);",
    "districts_agreementevent": "PERFORM openroll_stamp_agreement({row}.agreement_id);",
    "districts_agreementversion": "PERFORM openroll_stamp_publishing({row}.id);",
    "districts_agreementdocument": "PERFORM openroll_stamp_version({row}.version_id);",
    "districts_documentwithdrawal": "PERFORM openroll_stamp_version(d.version_id)"
    " FROM districts_agreementdocument d WHERE d.id = {row}.document_id;",
    "districts_participation": "PERFORM openroll_stamp_object("
    "'participations', {row}.id::text, openroll_is_public({row}.agreement_id));",
    "districts_incident": "PERFORM openroll_stamp_incident({row}.id);"
    "PERFORM openroll_stamp_object('incidents', {row}.public_id::text, false);"
    "PERFORM openroll_stamp_vendor({row}.vendor_id);",
    "districts_incident_elements": "PERFORM openroll_stamp_element({row}.dataelement_id);"
    "PERFORM openroll_stamp_incident({row}.incident_id);",
    "districts_publication": "PERFORM openroll_stamp_object("
    "'publications', {row}.public_id::text, openroll_is_public({row}.agreement_id));"
    "PERFORM openroll_stamp_incident({row}.incident_id);",
}

# For what was there before there were stamps. May be run again: it only makes everything look newly written.
EVERYTHING = f"""
CREATE FUNCTION openroll_stamp_everything() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    PERFORM openroll_stamp_object('agencies', id::text, true) FROM districts_agency;
    PERFORM openroll_stamp_object('schools', id::text, true) FROM districts_school;
    PERFORM openroll_stamp_object('categories', code, true) FROM districts_datacategory;
    PERFORM openroll_stamp_object('purposes', code, true) FROM districts_purpose;
    PERFORM openroll_stamp_element(id) FROM districts_dataelement;
    PERFORM openroll_stamp_vendor(id) FROM districts_vendor;
    PERFORM openroll_stamp_agreement(id) FROM districts_agreement;
    PERFORM openroll_stamp_version(id) FROM districts_agreementversion;
    PERFORM openroll_stamp_object('participations', id::text, openroll_is_public(agreement_id))
       FROM districts_participation;
    PERFORM openroll_stamp_incident(id) FROM districts_incident;
    PERFORM openroll_stamp_object('publications', public_id::text, openroll_is_public(agreement_id))
       FROM districts_publication;
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION openroll_stamp_everything();
DROP FUNCTION openroll_stamp_publishing(bigint);
DROP FUNCTION openroll_stamp_version(bigint);
DROP FUNCTION openroll_stamp_agreement(bigint);
DROP FUNCTION openroll_stamp_element(bigint);
DROP FUNCTION openroll_stamp_vendor(bigint);
DROP FUNCTION openroll_vendor_is_public(bigint);
DROP FUNCTION openroll_stamp_incident(bigint);
DROP FUNCTION openroll_incident_is_public(bigint);
DROP FUNCTION openroll_is_public(bigint);
DROP FUNCTION openroll_stamp_object(text, text, boolean);
"""


def stamped(table: str, touched: str) -> migrations.RunSQL:
    """Return the operation that stamps, at the commit, what each changed row of a table touches."""
    function = f"openroll_stamps_of_{table.removeprefix('districts_')}"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            -- Before anything is looked up: whoever waited here sees what the one before has committed.
            PERFORM pg_advisory_xact_lock({LOCK});
            IF TG_OP <> 'INSERT' THEN
                {touched.format(row="OLD")}
            END IF;
            IF TG_OP <> 'DELETE' THEN
                {touched.format(row="NEW")}
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER register_is_stamped AFTER INSERT OR UPDATE OR DELETE ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();
        """,
        f"""
        DROP TRIGGER register_is_stamped ON {table};
        DROP FUNCTION {function}();
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("districts", "0011_the_register_has_a_version")]

    operations = [
        migrations.RunSQL(STAMP + EVERYTHING, DROP_FUNCTIONS),
        *[stamped(table, touched) for table, touched in TOUCHED.items()],
        migrations.RunSQL("SELECT openroll_stamp_everything();", migrations.RunSQL.noop),
    ]
