"""The audit as CSV: what the filters chose, for an auditor alone, and itself in the audit."""

import csv
import io

from tests.parts.console import Colleague


def test_the_export_holds_what_the_filters_chose_and_is_audited(shared_gateway):
    app = shared_gateway.client.application
    Colleague(app.test_client(), "10.3.0.1").sign_in("agent").open("/audit")
    auditor = Colleague(app.test_client(), "10.3.0.2").sign_in("auditor")
    rows = list(csv.reader(io.StringIO(auditor.open("/audit.csv?act=refused").text)))
    assert rows[0] == ["number", "at", "actor", "act", "subject", "detail"]
    assert [(row[3], row[4], row[5]) for row in rows[1:]] == [
        ("refused", "page:console.audit", '{"permission": "audit"}')
    ]
    assert auditor.open("/audit.csv?since=yesterday").status_code == 400
    assert shared_gateway.services.staff.audit.entries(act="exported", limit=1)[0].subject == "page:audit"


def test_the_page_offers_the_export_with_its_filters(shared_gateway):
    auditor = Colleague(shared_gateway.client.application.test_client(), "10.3.0.3").sign_in("auditor")
    assert "/console/audit.csv?actor=&amp;act=refused&amp;" in auditor.open("/audit?act=refused").text
