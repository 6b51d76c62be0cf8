"""The file of phones: whom each speaks for, and in the demo the PIN."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, tuple_

from gateway import clock
from gateway.core.embedded.files.ahead import Ahead
from gateway.core.embedded.files.fields import Field, cnic, one_of, past_day, phone, pin, yes_no
from gateway.core.embedded.files.merge import Tally, numbers_under
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.pin_strength import weak
from gateway.core.embedded.pins import hash_pin, scope_of
from gateway.core.embedded.tables import IMPORTED, LINK_STATUSES, VERIFIED_HOW, consent, person, phone_link
from gateway.core.embedded.tables import phone as phones
from gateway.core.embedded.tables import pin as pins
from gateway.core.port import DETAILS_BY_SMS
from gateway.privacy import Vault

# The newest answer about details of each link of a pair.
_ANSWERS = (
    select(phone_link.c.phone, phone_link.c.person, consent.c.allowed, consent.c.channel)
    .join(consent, consent.c.phone_link == phone_link.c.id)
    .where(tuple_(phone_link.c.phone, phone_link.c.person).in_(bindparam("pairs", expanding=True)))
    .order_by(consent.c.id)
)
_LINKS = select(phone_link.c.id, phone_link.c.phone, phone_link.c.person).where(
    tuple_(phone_link.c.phone, phone_link.c.person).in_(bindparam("pairs", expanding=True))
)
_BORN = select(person.c.id, person.c.born_on).where(person.c.id.in_(bindparam("persons", expanding=True)))
_PAIRS_WITH_PIN = (
    select(phone_link.c.phone, phone_link.c.person)
    .join(pins, pins.c.phone_link == phone_link.c.id)
    .where(tuple_(phone_link.c.phone, phone_link.c.person).in_(bindparam("pairs", expanding=True)))
)
_WITH_PIN = select(pins.c.phone_link).where(pins.c.phone_link.in_(bindparam("links", expanding=True)))


def _take(work: Work, rows: list[Row]) -> Tally:
    paired = [(row, her) for row, her in work.of_persons(rows) if _is_whole(work, row)]
    numbers = _phones(work, [row["phone"] for row, _ in paired])
    answers = _answers(work, [(numbers[row["phone"]], her) for row, her in paired])
    links = [
        {
            "phone": numbers[row["phone"]],
            "person": her,
            "details_by_sms": _allowed(row, answers.get((numbers[row["phone"]], her))),
            **{name: row[name] for name in ("status", "verified_how", "linked_on")},
        }
        for row, her in paired
    ]
    tally = work.merge(phone_link, ("phone", "person"), links)
    _note_answers(work, [(row, numbers[row["phone"]], her) for row, her in paired], answers)
    _set_pins(work, [(row, numbers[row["phone"]], her) for row, her in paired if row["pin"]])
    return tally


def _is_whole(work: Work, row: Row) -> bool:
    if (row["status"] == "verified") != (row["verified_how"] is not None):
        work.sheet.fault(row.line, "verified_how", "goes with the status verified, and that status with it")
        return False
    return True


def _phones(work: Work, given: Sequence[str]) -> dict[str, int]:
    """E.164 -> number of the phone's row, made where it was not known."""
    keys = work.vault.phone_keys
    known = numbers_under(work.connection, phones, "phone_key", given, keys)
    new = [number for number in dict.fromkeys(given) if number not in known]
    if not new:
        return known
    work.connection.execute(
        insert(phones),
        [{"phone_key": keys(number)[0], "phone_sealed": work.ahead.seal(number)} for number in new],
    )
    return known | numbers_under(work.connection, phones, "phone_key", new, keys)


def _answers(work: Work, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[bool, str]]:
    """(phone, person) -> her newest answer about details by SMS, and the channel it came by."""
    found = work.connection.execute(_ANSWERS, {"pairs": pairs}) if pairs else ()
    return {(row.phone, row.person): (row.allowed, row.channel) for row in found}


def _allowed(row: Row, answer: tuple[bool, str] | None) -> bool:
    """What holds: her own answer before any file's."""
    given = row["details_by_sms"]
    if answer is not None and (answer[1] != IMPORTED or given is None):
        return answer[0]
    return bool(given)


def _note_answers(
    work: Work,
    rows: Sequence[tuple[Row, int, int]],
    answers: dict[tuple[int, int], tuple[bool, str]],
) -> None:
    """A file that answers counts as having asked her, unless she answered herself."""
    pairs = [(number, her) for _, number, her in rows]
    links = (
        {(row.phone, row.person): row.id for row in work.connection.execute(_LINKS, {"pairs": pairs})}
        if pairs
        else {}
    )
    now = clock.now()
    new = [
        {
            "phone_link": links[number, her],
            "purpose": DETAILS_BY_SMS,
            "allowed": given,
            "channel": IMPORTED,
            "at": now,
        }
        for row, number, her in rows
        if (given := row["details_by_sms"]) is not None
        and ((answer := answers.get((number, her))) is None or answer == (not given, IMPORTED))
    ]
    if new:
        work.connection.execute(insert(consent), new)


def _hash_pins(connection: Connection, vault: Vault, ahead: Ahead, rows: list[Row]) -> None:
    """Hash the PINs of links that have none: 20 ms each."""
    rows = [row for row in rows if row["pin"]]
    given = [row["cnic"] for row in rows]
    people = {
        **numbers_under(connection, person, "bform_key", given, vault.cnic_keys),
        **numbers_under(connection, person, "cnic_key", given, vault.cnic_keys),
    }
    known = numbers_under(connection, phones, "phone_key", [row["phone"] for row in rows], vault.phone_keys)
    pairs = [(known.get(row["phone"], 0), people.get(row["cnic"], 0)) for row in rows]
    found = connection.execute(_PAIRS_WITH_PIN, {"pairs": pairs}) if pairs else ()
    standing = {(number, her) for number, her in found}
    for row, pair in zip(rows, pairs, strict=True):
        her = pair[1]
        if her and pair not in standing:
            ahead.pins[her, row["phone"]] = _hashed(vault, her, row)


def _hashed(vault: Vault, her: int, row: Row) -> str:
    return hash_pin(vault, scope_of(her, row["phone"]), row["pin"])


def _set_pins(work: Work, rows: Sequence[tuple[Row, int, int]]) -> None:
    """The first PIN of each link that has none. One that she chose herself since is hers and stays."""
    if not rows:
        return
    ask = work.connection.execute
    pairs = [(number, her) for _, number, her in rows]
    links = {(row.phone, row.person): row.id for row in ask(_LINKS, {"pairs": pairs})}
    born: dict[int, date | None] = dict(ask(_BORN, {"persons": [her for _, her in pairs]}).all())
    known = set(ask(_WITH_PIN, {"links": list(links.values())}).scalars())
    new: list[dict[str, Any]] = []
    for row, number, her in rows:
        link = links[number, her]
        if weak(row["pin"], row["cnic"], born[her]):
            work.sheet.fault(row.line, "pin", "is too easy to guess for this person")
        elif link not in known and not work.sheet.faults:
            made = work.ahead.pins.get((her, row["phone"])) or _hashed(work.vault, her, row)
            new.append({"phone_link": link, "hash": made, "sealed_under": work.vault.writing})
    if new:
        now = clock.now()
        ask(insert(pins), [{**row, "fails": 0, "chosen_at": now} for row in new])


def phones_file(*, allow_pins: bool) -> FileKind:
    """allow_pins: False refuses a PIN in the file; a production registry never holds one."""
    return FileKind(
        "phones.csv",
        (
            Field("phone", phone),
            Field("cnic", cnic),
            Field("status", one_of(LINK_STATUSES)),
            Field("verified_how", one_of(VERIFIED_HOW), None),
            Field("linked_on", past_day),
            Field("details_by_sms", yes_no, None),
            Field("pin", pin if allow_pins else _refused, None),
        ),
        (("phone", "cnic"),),
        _take,
        sealed=("phone",),
        prepare=_hash_pins,
    )


def _refused(given: str, today: date) -> str:  # noqa: ARG001 - every reader is called alike
    raise ValueError("is taken in the demo alone: a PIN is chosen by its owner on her own phone")
