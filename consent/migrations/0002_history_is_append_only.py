"""Ledger and attempts are for good; deliveries move along allowed transitions only."""

from django.db import migrations

# table -> the column PostgreSQL's clock fills in
HISTORY = {
    "consent_rosterload": "recorded_at",
    "consent_questionversion": "recorded_at",
    "consent_shown": "recorded_at",
    "consent_decision": "decided_at",
    "consent_voiding": "voided_at",
    "consent_fulfilment": "recorded_at",
    "consent_objection": "made_at",
    "consent_objectionreply": "replied_at",
    "consent_attempt": "made_at",
    "consent_providerreport": "received_at",
}

# A decision belongs to its question version's question, and replaces an answer of the same chain.
DECISION = """
CREATE FUNCTION consent_decision_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM consent_questionversion qv
                    WHERE qv.id = NEW.question_version_id AND qv.question_id = NEW.question_id) THEN
        RAISE EXCEPTION 'the question version is of another question'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'decision_answers_a_version_of_its_question';
    END IF;
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consent_decision d
         WHERE d.id = NEW.replaces_id AND d.student_id = NEW.student_id
           AND d.question_id = NEW.question_id AND d.decider_id = NEW.decider_id) THEN
        RAISE EXCEPTION 'the replaced answer is of another child, question or person'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'decision_replaces_one_of_its_own_chain';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_fits BEFORE INSERT ON consent_decision
    FOR EACH ROW EXECUTE FUNCTION consent_decision_fits();
"""

DELIVERY = """
CREATE FUNCTION consent_delivery_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.notice_id IS DISTINCT FROM OLD.notice_id OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
       OR NEW.guardian_id <> OLD.guardian_id THEN
        RAISE EXCEPTION 'a delivery keeps its person and its subject'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_keeps_its_subject';
    END IF;
    IF NEW.state = OLD.state OR (OLD.state, NEW.state) IN (
        ('due', 'leased'), ('due', 'printed'), ('due', 'failed'), ('due', 'withheld'),
        ('leased', 'sent'), ('leased', 'due'), ('leased', 'failed'), ('leased', 'withheld'),
        ('sent', 'due'), ('sent', 'failed'),
        ('printed', 'posted'), ('printed', 'due'), ('printed', 'withheld'),
        ('posted', 'failed'),
        ('failed', 'failure_seen'), ('failed', 'due'), ('failed', 'withheld'),
        ('failure_seen', 'due'), ('failure_seen', 'withheld')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delivery_moves_along_allowed_transitions';
END $$;
CREATE TRIGGER delivery_moves BEFORE UPDATE ON consent_delivery
    FOR EACH ROW EXECUTE FUNCTION consent_delivery_moves();

CREATE TRIGGER history_is_for_good BEFORE DELETE ON consent_delivery
    FOR EACH ROW EXECUTE FUNCTION openroll_refuse_change();
CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON consent_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();
"""


def append_only(table: str, stamped: str) -> migrations.RunSQL:
    """Return the operation that makes a table append-only, its time stamped by PostgreSQL."""
    return migrations.RunSQL(
        f"""CREATE TRIGGER history_is_for_good BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_refuse_change();
        CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();
        CREATE TRIGGER stamped_by_the_database BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_stamp('{stamped}');""",
        f"""DROP TRIGGER history_is_for_good ON {table};
        DROP TRIGGER history_is_not_truncated ON {table};
        DROP TRIGGER stamped_by_the_database ON {table};""",
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("districts", "0002_history_is_append_only")]

    operations = [
        *[append_only(table, stamped) for table, stamped in HISTORY.items()],
        migrations.RunSQL(
            DECISION,
            "DROP TRIGGER decision_fits ON consent_decision; DROP FUNCTION consent_decision_fits();",
        ),
        migrations.RunSQL(
            DELIVERY,
            """DROP TRIGGER delivery_moves ON consent_delivery; DROP FUNCTION consent_delivery_moves();
            DROP TRIGGER history_is_for_good ON consent_delivery;
            DROP TRIGGER history_is_not_truncated ON consent_delivery;""",
        ),
    ]
