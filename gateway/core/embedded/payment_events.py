"""Payment events of another core system, taken as a payments file is: whole or not at all, and each of them once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.files.events import EventRows
from gateway.core.embedded.files.payments import PaymentRows
from gateway.core.embedded.payments_taken import Taking
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.tables import payment_event, used_signature
from gateway.core.port import (
    Announcer,
    EventFault,
    EventsDiffer,
    PaymentEvent,
    Signature,
    SignatureUsed,
    Taken,
)
from gateway.db import Database, database_reached
from gateway.privacy import Vault

# Who sends can send again; a request must not wait for a whole file that is being loaded.
_PATIENCE = timedelta(seconds=5)

_KNOWN = select(payment_event).where(payment_event.c.id.in_(bindparam("ids", expanding=True)))
_ADD = insert(payment_event)
_USED = select(used_signature.c.mark).where(used_signature.c.mark == bindparam("mark"))
_USE = insert(used_signature)
_FORGET = delete(used_signature).where(used_signature.c.until < bindparam("now"))


@dataclass(frozen=True)
class EmbeddedPaymentEvents:
    """`port.PaymentEvents` on the gateway's own database."""

    database: Database
    vault: Vault
    programmes: Programmes
    announcer: Announcer

    def take(self, events: Sequence[PaymentEvent], signature: Signature, source: str) -> tuple[Taken, ...]:
        with database_reached(), self.database.writing() as connection:
            # From here on nobody else takes events either, so that what is not known is new.
            moves.hold(connection, _PATIENCE)
            _use(connection, signature)
            known = self._known(connection, events)
            fresh = {index: event for index, event in enumerate(events) if event.id not in known}
            outcomes = known | self._take(connection, fresh, source)
        return tuple(Taken(event.id, outcomes[event.id]) for event in events)

    def _known(self, connection: Connection, events: Sequence[PaymentEvent]) -> dict[str, str]:
        """Event -> what came of it when it was taken. Raises EventsDiffer where it was another one, or stands twice here."""
        rows = {row.id: row for row in connection.execute(_KNOWN, {"ids": [event.id for event in events]})}
        first: dict[str, int] = {}
        faults = []
        for index, event in enumerate(events):
            if first.setdefault(event.id, index) != index:
                faults.append(EventFault(index, "id", f"stands at {first[event.id]} already"))
            elif event.id in rows and rows[event.id].content_key not in self.vault.ref_keys(_content(event)):
                faults.append(EventFault(index, "id", "came before with other content"))
        if faults:
            raise EventsDiffer(faults)
        return {which: row.outcome for which, row in rows.items()}

    def _take(self, connection: Connection, events: dict[int, PaymentEvent], source: str) -> dict[str, str]:
        given = EventRows({index: event.cells for index, event in events.items()}, clock.today())
        rows = PaymentRows(connection, self.vault, self.programmes, given)
        reported = list(rows.read())
        given.settle()
        taking = Taking(connection, reported)
        moved = taking.apply(given)
        given.settle()
        for _ in taking.write(source):
            pass
        taking.announce(self.announcer, self.vault, self.programmes, rows.places)
        now = clock.now()
        taken = {
            events[each.line].id: {
                "id": events[each.line].id,
                "content_key": self.vault.ref_key(_content(events[each.line])),
                "outcome": "moved" if did else "unchanged",
                "received_at": now,
            }
            for each, did in zip(reported, moved, strict=True)
        }
        if taken:
            connection.execute(_ADD, list(taken.values()))
        return {which: str(row["outcome"]) for which, row in taken.items()}


def _use(connection: Connection, signature: Signature) -> None:
    """Use a signature up, until it is too old anyway. Raises SignatureUsed."""
    connection.execute(_FORGET, {"now": clock.now()})
    if connection.execute(_USED, {"mark": signature.mark}).first():
        raise SignatureUsed
    connection.execute(_USE, {"mark": signature.mark, "until": signature.until})


def _content(event: PaymentEvent) -> str:
    return json.dumps(dict(event.cells), sort_keys=True)
