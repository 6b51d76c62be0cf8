"""The files of what people are in: programmes, emergency events and their lists, accounts."""

from typing import Any

from sqlalchemy import select

from gateway.core.embedded.files.fields import (
    Field,
    cnic,
    code,
    codes,
    day,
    one_of,
    past_day,
    phone,
    score,
    text,
    whole,
    yes_no,
)
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import (
    ACCOUNT_KINDS,
    ACCOUNT_STATUSES,
    ENROLMENT_STATUSES,
    account,
    benefit_rate,
    district,
    enrolment,
    event,
    event_listing,
    programme,
    province,
)
from gateway.privacy import mask_phone


def _take_enrolments(work: Work, rows: list[Row]) -> Tally:
    columns = ("programme", "level", "status", "enrolled_on", "ended_on")
    paired = work.of_persons(work.naming(rows, "programme", programme))
    taken = [{"person": her, **{name: row[name] for name in columns}} for row, her in paired]
    return work.merge(enrolment, ("person", "programme", "level"), taken)


def _take_events(work: Work, rows: list[Row]) -> Tally:
    sound = work.naming(rows, "programme", programme)
    sound = work.naming(work.naming(sound, "provinces", province), "districts", district)
    in_order = []
    for row in sound:
        amount = row["amount"] or _rate_of(work, row)
        if row["open_from"] > row["open_to"]:
            work.sheet.fault(row.line, "open_to", "is before open_from")
        elif amount is None:
            work.sheet.fault(
                row.line, "amount", "is missing, and its programme has no rate of this level then"
            )
        else:
            in_order.append({**row.values, "amount": amount})
    return work.merge(event, ("code",), in_order)


def _rate_of(work: Work, row: Row) -> int | None:
    """What the programme pays at the event's level on its first day, by config/programmes.yaml."""
    rate = benefit_rate.c
    statement = select(rate.amount).where(
        rate.programme == row["programme"],
        rate.level == row["level"],
        rate.sex == "",
        rate.province == "",
        rate.valid_from <= row["open_from"],
    )
    return work.connection.scalar(statement.order_by(rate.valid_from.desc()).limit(1))


def _take_listings(work: Work, rows: list[Row]) -> Tally:
    paired = work.of_persons(work.naming(rows, "event", event))
    columns = ("event", "source", "listed_on")
    taken = [{"person": her, **{name: row[name] for name in columns}} for row, her in paired]
    return work.merge(event_listing, ("event", "person"), taken)


def _take_accounts(work: Work, rows: list[Row]) -> Tally:
    return work.merge(
        account,
        ("person", "kind", "provider"),
        [_account(work, row, her) for row, her in work.of_persons(rows) if _has_number(work, row)],
    )


def _has_number(work: Work, row: Row) -> bool:
    if (row["kind"] == "wallet") != (row["msisdn"] is not None):
        work.sheet.fault(row.line, "msisdn", "goes with a wallet, and a wallet with it")
        return False
    return True


def _account(work: Work, row: Row, her: int) -> dict[str, Any]:
    number = row["msisdn"]
    return {
        "person": her,
        "kind": row["kind"],
        "provider": row["provider"],
        "msisdn_key": number and work.vault.phone_key(number),
        "masked": mask_phone(number) if number else row["masked"],
        "status": row["status"],
    }


ENROLMENTS = FileKind(
    "enrolments.csv",
    (
        Field("cnic", cnic),
        Field("programme", code),
        Field("level", text(20), ""),
        Field("status", one_of(ENROLMENT_STATUSES)),
        Field("enrolled_on", past_day),
        Field("ended_on", day, None),
    ),
    (("cnic", "programme", "level"),),
    _take_enrolments,
)
EVENTS = FileKind(
    "events.csv",
    (
        Field("code", code),
        Field("programme", code),
        Field("name", text(80)),
        Field("level", text(20), ""),
        Field("provinces", codes, list),
        Field("districts", codes, list),
        Field("amount", whole(1, 10_000_000), None),
        Field("open_from", day),
        Field("open_to", day),
        Field("pmt_max", score, None),
        Field("may_apply", yes_no),
        Field("source", text(80), ""),
    ),
    (("code",),),
    _take_events,
)
EVENT_LISTINGS = FileKind(
    "event_listings.csv",
    (
        Field("event", code),
        Field("cnic", cnic),
        Field("source", text(40)),
        Field("listed_on", past_day),
    ),
    (("event", "cnic"),),
    _take_listings,
)
ACCOUNTS = FileKind(
    "accounts.csv",
    (
        Field("cnic", cnic),
        Field("kind", one_of(ACCOUNT_KINDS)),
        Field("provider", text(40)),
        Field("msisdn", phone, None),
        Field("masked", text(24), ""),
        Field("status", one_of(ACCOUNT_STATUSES)),
    ),
    (("cnic", "kind", "provider"),),
    _take_accounts,
)
