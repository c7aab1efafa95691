"""What a transaction changed is stamped at its commit; other companies' agreements do not make it dearer."""

import pytest
from django.db import connection

from tests import factories as f

pytestmark = pytest.mark.django_db

LOOKED_AT = """
    SELECT seq_tup_read + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables
     WHERE relname = 'districts_agreementversion'
"""


def test_whether_a_company_is_public_is_asked_of_its_own_agreements_alone():
    district = f.make_district()
    vendors = [f.make_vendor(f"Company {n}") for n in range(50)]
    for vendor in vendors:
        f.make_draft(f.make_agreement(district, vendor))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(LOOKED_AT)
        before = cursor.fetchone()[0]
        cursor.execute("SELECT openroll_vendor_is_public(%s)", [vendors[0].pk])
        assert cursor.fetchone() == (False,)
        cursor.execute(LOOKED_AT)
        # for its one agreement, the small table is read once at most
        assert cursor.fetchone()[0] - before <= len(vendors)
