"""Call-backs on the gateway's own database: booked with an SMS that says when, and settled by who rang."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Row, bindparam, false, func, insert, or_, select, update

from gateway import clock
from gateway.core.embedded.acts import first_time
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import call_back
from gateway.core.port import CallBack, CallBackState, StaffAnnouncer, Window
from gateway.db import Database
from gateway.privacy import Vault

AHEAD = timedelta(days=14)
_MOST = 100

_ADD = insert(call_back).returning(call_back.c.id)
_seen = or_(call_back.c.female == false(), bindparam("woman", type_=Boolean))
_WAITING = (
    select(call_back)
    .where(call_back.c.state == str(CallBackState.BOOKED), _seen)
    .order_by(call_back.c.day, call_back.c.id)
    .limit(bindparam("most"))
)
_HERS = _WAITING.where(call_back.c.person == bindparam("whose"))
_COUNT = (
    select(func.count()).select_from(call_back).where(call_back.c.state == str(CallBackState.BOOKED), _seen)
)
_SETTLE = (
    update(call_back)
    .where(call_back.c.id == bindparam("which"), _seen)
    .values(state=bindparam("to"), settled_by=bindparam("by"), settled_at=bindparam("now"))
)


@within_reach
class EmbeddedCallBacks:
    """`port.CallBacks` on the gateway's own database."""

    def __init__(self, database: Database, vault: Vault, announcer: StaffAnnouncer) -> None:
        self._database = database
        self._vault = vault
        self._announcer = announcer

    def fits(self, day: date, window: Window) -> bool:
        return not window.over(day) and day <= clock.today() + AHEAD

    def book(  # noqa: PLR0913 - the port's signature
        self,
        phone: str,
        day: date,
        window: Window,
        *,
        by: str,
        key: str,
        person: int | None = None,
        female: bool = False,
    ) -> bool:
        if not self.fits(day, window):
            raise ValueError("no call can be promised for then")
        row = {
            "person": person,
            "phone_key": self._vault.phone_key(phone),
            "phone_sealed": self._vault.seal(phone),
            "day": day,
            "slot": str(window),
            "female": female,
            "state": str(CallBackState.BOOKED),
            "booked_by": by,
            "booked_at": clock.now(),
        }
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return False
            number = connection.execute(_ADD, row).scalar_one()
            self._announcer.done(
                connection,
                "call_back_booked",
                (phone,),
                {"day": day.isoformat(), "window": str(window)},
                f"call_back:{number}",
            )
        return True

    def waiting(self, *, female: bool, limit: int = _MOST) -> tuple[CallBack, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_WAITING, {"woman": female, "most": limit})
            return tuple(self._one(row) for row in rows)

    def of(self, person: int, *, female: bool) -> tuple[CallBack, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(_HERS, {"whose": person, "woman": female, "most": _MOST})
            return tuple(self._one(row) for row in rows)

    def count(self, *, female: bool) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(_COUNT, {"woman": female}).scalar_one())

    def settle(self, number: int, state: CallBackState, *, by: str, key: str, female: bool) -> bool:
        values = {"which": number, "woman": female, "to": str(state), "by": by, "now": clock.now()}
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return False
            if not connection.execute(_SETTLE, values).rowcount:
                raise LookupError("no such call-back")
        return True

    def _one(self, row: Row[Any]) -> CallBack:
        return CallBack(
            row.id,
            row.person,
            self._vault.open(row.phone_sealed),
            row.phone_key,
            row.day,
            Window(row.slot),
            row.female,
            CallBackState(row.state),
            row.booked_by,
        )
