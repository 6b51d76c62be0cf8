"""Delivery reports meet their messages: by the aggregator's id and the phone, in whatever order they come.

A report without its message is kept: it overtook the answer to its send, or that answer was lost. Once no send to
its phone is under way, it belongs to the oldest message to that phone whose id never became known.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection, delete, exists, select, update

from gateway import clock
from gateway.messages.once import insert_new
from gateway.messages.tables import early_reports, outbox
from gateway.messages.values import Report

log = structlog.get_logger()

KEEP_EARLY = timedelta(days=7)
# An answer that was lost is looked for this long; reports come within two days or not at all.
_LOOK_BACK = timedelta(days=3)
_AT_ONCE = 200
_FINAL = {"delivered": "delivered", "failed": "undelivered"}
_MATCHABLE = (
    select(early_reports)
    .where(
        exists().where(
            outbox.c.phone_key == early_reports.c.phone_key,
            outbox.c.state.in_(("unknown", "sent")),
            outbox.c.aggregator_id.is_(None) | (outbox.c.aggregator_id == early_reports.c.aggregator_id),
        )
    )
    .order_by(early_reports.c.received_at)
    .limit(_AT_ONCE)
)


def take(connection: Connection, report: Report, phone_keys: Sequence[str]) -> None:
    """Apply a report, or keep it until its message is known."""
    if report.status == "unknown":
        log.warning("report_status_unknown", word=report.reason)
    if _apply_by_id(connection, report.id, phone_keys, report.status, report.reason):
        return
    told = {"status": report.status, "reason": report.reason[:200], "received_at": clock.now()}
    key = {"aggregator_id": report.id, "phone_key": phone_keys[0]}
    if not insert_new(connection, early_reports, {**key, **told}):
        mine = early_reports.c.aggregator_id == report.id, early_reports.c.phone_key == phone_keys[0]
        connection.execute(
            update(early_reports).where(*mine, early_reports.c.status.not_in(_FINAL)).values(**told)
        )
    for kept in connection.execute(select(early_reports).filter_by(**key)).all():
        _match(connection, kept.aggregator_id, kept.phone_key, kept.status, kept.reason)


def apply_early(connection: Connection, ids: Sequence[str]) -> None:
    """Apply the kept reports of messages that were just given these ids."""
    if not ids:
        return
    found = connection.execute(select(early_reports).where(early_reports.c.aggregator_id.in_(ids))).all()
    for early in found:
        if _apply_by_id(connection, early.aggregator_id, [early.phone_key], early.status, early.reason):
            _forget(connection, early.aggregator_id, early.phone_key)


def match_early(connection: Connection) -> int:
    """Look again for the messages of kept reports; how many were found."""
    found = connection.execute(_MATCHABLE).all()
    for early in found:
        if _apply_by_id(connection, early.aggregator_id, [early.phone_key], early.status, early.reason):
            _forget(connection, early.aggregator_id, early.phone_key)
        else:
            _match(connection, early.aggregator_id, early.phone_key, early.status, early.reason)
    return len(found)


def purge(connection: Connection) -> None:
    """Drop kept reports that no message claimed."""
    connection.execute(delete(early_reports).where(early_reports.c.received_at < clock.now() - KEEP_EARLY))


def _apply_by_id(
    connection: Connection, given: str, phone_keys: Sequence[str], status: str, reason: str
) -> bool:
    """Move the message of this id on; False if none has it. Final states stay."""
    this = (outbox.c.aggregator_id == given) & outbox.c.phone_key.in_(phone_keys)
    if status in _FINAL:
        change = (
            update(outbox)
            .where(this, outbox.c.state.in_(("sent", "unknown")))
            .values(state=_FINAL[status], reason=reason[:200], settled_at=clock.now())
        )
    else:
        # Any word about it means that the aggregator has it.
        change = (
            update(outbox).where(this, outbox.c.state == "unknown").values(state="sent", reason=reason[:200])
        )
    if connection.execute(change).rowcount:
        return True
    return bool(connection.execute(select(exists().where(this))).scalar())


def _match(connection: Connection, given: str, phone_key: str, status: str, reason: str) -> None:
    """Give a kept report to the oldest message of its phone whose answer was lost, unless a send is under way."""
    phone = outbox.c.phone_key == phone_key
    if connection.execute(select(exists().where(phone, outbox.c.state == "sending"))).scalar():
        return
    lost = (
        select(outbox.c.id)
        .where(
            phone,
            outbox.c.state.in_(("unknown", "sent")),
            outbox.c.aggregator_id.is_(None),
            outbox.c.sent_at > clock.now() - _LOOK_BACK,
        )
        .order_by(outbox.c.id)
        .limit(1)
        .scalar_subquery()
    )
    if connection.execute(update(outbox).where(outbox.c.id == lost).values(aggregator_id=given)).rowcount:
        _apply_by_id(connection, given, [phone_key], status, reason)
        _forget(connection, given, phone_key)


def _forget(connection: Connection, given: str, phone_key: str) -> None:
    connection.execute(
        delete(early_reports).where(
            early_reports.c.aggregator_id == given, early_reports.c.phone_key == phone_key
        )
    )
