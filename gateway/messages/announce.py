"""Tells her phones that her money, or something she asked for, moved: in the transaction that moved it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from gateway import clock
from gateway.core.port import BookingState, InstalmentMoved, RequestMoved, ReviewedText, State
from gateway.messages.by_hand import ByHand
from gateway.messages.outbox import Outbox
from gateway.messages.values import Message
from gateway.messages.words import Languages, Wording, spoken, write
from gateway.privacy import Vault

_TEMPLATES = {
    State.CREDITED: "payment_ready",
    State.BRANCH_ROUTE: "payment_branch",
    State.WITHDRAWN: "payment_withdrawn",
}
# What stands for a pay point that is not known: one to go to, or the one where it was withdrawn.
_ANY_PLACE, _SOME_PLACE = "place.any", "place.unknown"
# What a programme is called on a phone that others read, where its name would tell too much.
_NEUTRAL = "other"


class MoveAnnouncer:
    """Fulfils `core.port.Announcer`, `RequestAnnouncer`, `StaffAnnouncer` and `TextAnnouncer`: one message for each phone and move.

    Names no person and no child, and of a request only its reference and state: phones are shared.
    """

    def __init__(
        self, outbox: Outbox, book: Wording, vault: Vault, languages: Languages, by_hand: ByHand
    ) -> None:
        self._outbox = outbox
        self._book = book
        self._vault = vault
        self._languages = languages
        self._by_hand = by_hand

    def moved(self, connection: Connection, moves: Sequence[InstalmentMoved]) -> None:
        told = [move for move in moves if move.state in _TEMPLATES and move.phones]
        phones = sorted({phone for move in told for phone in move.phones})
        if phones:
            chosen = self._languages(connection, phones)
            self._outbox.put(
                connection, [self._message(move, to, chosen.get(to)) for move in told for to in move.phones]
            )

    def asked_moved(self, connection: Connection, moves: Sequence[RequestMoved]) -> None:
        phones = sorted({phone for move in moves for phone in move.phones})
        if phones:
            chosen = self._languages(connection, phones)
            self._outbox.put(
                connection, [self._request(move, to, chosen.get(to)) for move in moves for to in move.phones]
            )

    def done(
        self,
        connection: Connection,
        template: str,
        phones: Sequence[str],
        values: Mapping[str, str],
        subject: str,
    ) -> None:
        chosen = self._languages(connection, phones)
        self._outbox.put(
            connection,
            [
                write(
                    self._book,
                    template,
                    chosen.get(to),
                    values,
                    dedupe_key=f"{template}:{subject}:{self._vault.phone_key(to)}",
                    phone=to,
                    lane="reply",
                    subject=subject,
                )
                for to in phones
            ],
        )

    def text_given(
        self, connection: Connection, phone: str, text: ReviewedText, *, key: str, subject: str
    ) -> None:
        self._by_hand.put(connection, phone, text, key=key, subject=subject)

    def _request(self, move: RequestMoved, phone: str, language: str | None) -> Message:
        values: dict[str, Any] = {"reference": move.reference, "state": move.state}
        template = "request_moved"
        if move.state == BookingState.BOOKED and move.target_on is not None:
            template = "token_booked"
            values = {
                "reference": move.reference,
                "day": move.target_on.isoformat(),
                "place": move.place,
            }
        return write(
            self._book,
            template,
            language,
            values,
            dedupe_key=f"asked:{move.reference}:{move.turn}:{self._vault.phone_key(phone)}",
            phone=phone,
            lane="alert",
            subject=f"{move.asked}:{move.reference}",
        )

    def _message(self, move: InstalmentMoved, phone: str, language: str | None) -> Message:
        return write(
            self._book,
            _TEMPLATES[move.state],
            language,
            self._values(move, spoken(self._book, language)),
            dedupe_key=f"pay:{move.instalment}:{_told_of(move)}:{self._vault.phone_key(phone)}",
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
            "programme": _NEUTRAL if move.discreet else move.programme,
            "place": move.place or self._book.languages[language].term(unknown),
            "day": (day or clock.today()).isoformat(),
        }


def _told_of(move: InstalmentMoved) -> str:
    """What a phone is told of once: a state, and each booking of a branch."""
    return f"{move.state}:{move.place_on}:{move.place}" if move.state is State.BRANCH_ROUTE else move.state
