"""Tells the phones of a household that her money moved, in the transaction that moved it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway import clock
from gateway.core.port import InstalmentMoved, State
from gateway.messages.outbox import Outbox
from gateway.messages.values import Message
from gateway.messages.words import Wording, spoken, write
from gateway.privacy import Vault

# Phone -> the language chosen for it, where one was; asked on the connection of the move, since SQLite's one writer
# is at work there.
Languages = Callable[[Connection, Sequence[str]], Mapping[str, str]]

_TEMPLATES = {
    State.CREDITED: "payment_ready",
    State.BRANCH_ROUTE: "payment_branch",
    State.WITHDRAWN: "payment_withdrawn",
}
# What stands for a pay point that is not known: one to go to, or the one where it was withdrawn.
_ANY_PLACE, _SOME_PLACE = "place.any", "place.unknown"


class PaymentAnnouncer:
    """Fulfils `core.port.Announcer`: one message for each phone and move. Names no person, for phones are shared."""

    def __init__(self, outbox: Outbox, book: Wording, vault: Vault, languages: Languages) -> None:
        self._outbox = outbox
        self._book = book
        self._vault = vault
        self._languages = languages

    def moved(self, connection: Connection, moves: Sequence[InstalmentMoved]) -> None:
        told = [move for move in moves if move.state in _TEMPLATES and move.phones]
        phones = sorted({phone for move in told for phone in move.phones})
        if phones:
            chosen = self._languages(connection, phones)
            self._outbox.put(
                connection, [self._message(move, to, chosen.get(to)) for move in told for to in move.phones]
            )

    def _message(self, move: InstalmentMoved, phone: str, language: str | None) -> Message:
        return write(
            self._book,
            _TEMPLATES[move.state],
            language,
            self._values(move, spoken(self._book, language)),
            dedupe_key=f"pay:{move.instalment}:{move.state}:{self._vault.phone_key(phone)}",
            phone=phone,
            lane="alert",
            subject=f"instalment:{move.instalment}",
        )

    def _values(self, move: InstalmentMoved, language: str) -> dict[str, Any]:
        """Every value that one of the templates may ask for."""
        day = move.place_on if move.state is State.BRANCH_ROUTE else move.moved_on
        unknown = _SOME_PLACE if move.state is State.WITHDRAWN else _ANY_PLACE
        return {
            "amount": move.amount,
            "programme": move.programme,
            "place": move.place or self._book.languages[language].term(unknown),
            "day": (day or clock.today()).isoformat(),
        }
