"""Putting messages and looking at their rows."""

from dataclasses import dataclass
from itertools import count

from sqlalchemy import select

from gateway.db import Database
from gateway.messages.outbox import Outbox
from gateway.messages.tables import outbox as table
from gateway.messages.values import Message

_numbers = count(1)


def phone(number: int) -> str:
    return f"+92300{number:07d}"


def message(
    to: str | None = None, body: str = "hello", lane: str = "reply", key: str = "", **more
) -> Message:
    number = next(_numbers)
    return Message(
        dedupe_key=key or f"test:{number}",
        phone=to or phone(number),
        body=body,
        lane=lane,
        template="test",
        **more,
    )


@dataclass
class Rows:
    database: Database
    outbox: Outbox

    def put(self, *messages: Message) -> None:
        with self.database.writing() as connection:
            self.outbox.put(connection, messages)

    def all(self):
        with self.database.reading() as connection:
            return connection.execute(select(table).order_by(table.c.id)).all()

    def states(self) -> list[str]:
        return [row.state for row in self.all()]

    def change(self, **to) -> None:
        with self.database.writing() as connection:
            connection.execute(table.update().values(**to))
