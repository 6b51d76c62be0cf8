"""The auditor's page: what the staff looked at and did, the newest first, with filters."""

import csv
import io
import json
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, abort, render_template, request

from gateway.clock import PAKISTAN
from gateway.console.access import allowed
from gateway.services import Services
from gateway.staff.audit import Entry

_PAGE = 50
_MOST = 10_000  # lines of one CSV; narrower days bring the rest


def add(console: Blueprint, services: Services) -> None:
    staff = services.staff

    @console.get("/audit")
    @allowed("audit", act="audit_read", subject="page:audit")
    def audit() -> str:
        entries = _entries(services, request.args.get("before", type=int), _PAGE + 1)
        older = entries[_PAGE - 1].number if len(entries) > _PAGE else None
        names = {member.mark: member.display_name for member in staff.accounts.all()}
        return render_template(
            "console_audit.html", entries=entries[:_PAGE], wanted=_wanted(), names=names, older=older
        )

    @console.get("/audit.csv")
    @allowed("audit", act="exported", subject="page:audit")
    def audit_csv() -> Response:
        text = io.StringIO()
        sheet = csv.writer(text)
        sheet.writerow(("number", "at", "actor", "act", "subject", "detail"))
        for entry in _entries(services, None, _MOST):
            sheet.writerow(
                (
                    entry.number,
                    entry.at.isoformat(),
                    entry.actor,
                    entry.act,
                    entry.subject,
                    json.dumps(entry.detail, ensure_ascii=False),
                )
            )
        return Response(
            text.getvalue(),
            mimetype="text/csv",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )

    @console.post("/audit/verify")
    @allowed("audit", act="audit_verified", subject="page:audit")
    def audit_verify() -> str:
        return render_template("console_audit_verdict.html", verdict=staff.audit.verify())


def _wanted() -> dict[str, str]:
    """The filters as they were asked for."""
    return {
        name: request.args.get(name, "").strip() for name in ("actor", "act", "subject", "since", "until")
    }


def _entries(services: Services, before: int | None, limit: int) -> list[Entry]:
    wanted = _wanted()
    until = _day(wanted["until"])
    return services.staff.audit.entries(
        actor=wanted["actor"],
        act=wanted["act"],
        subject=wanted["subject"],
        since=_day(wanted["since"]),
        until=until + timedelta(days=1) if until else None,
        before=before,
        limit=limit,
    )


def _day(text: str) -> datetime | None:
    """The first instant of a day in Pakistan; aborts on what is no day."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), PAKISTAN)
    except ValueError:
        abort(400)
