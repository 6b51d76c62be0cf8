"""A queue over 64 streams, one for each hash tag: what hops leave behind, for a worker to take into SQL.

An entry stays until it is `done`. What a dead worker had taken is handed to another one after a while.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.errors import StoreUnreachable
from gateway.journal.link import Link
from gateway.journal.script import Command, command, sized
from gateway.journal.tags import TAGS

FIELD = b"e"  # each entry has this one field
_GROUP = b"workers"
# One name for every worker: an entry goes to one reader anyway, and names of dead workers would pile up.
_READER = b"worker"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as taken: stream and id say where it is, body what the hop wrote."""

    stream: bytes
    id: bytes
    body: bytes


class Stream:
    """The queue `{n}:<name>`. Any number of workers may take from it at once."""

    def __init__(self, link: Link, name: str) -> None:
        self._link = link
        self._keys = [f"{tag}:{name}".encode() for tag in TAGS]

    def take(self, limit: int) -> list[Entry]:
        """Entries that nobody has taken yet, oldest first within a caller; about `limit` at most."""
        each = max(16, limit // len(self._keys))
        read: list[bytes | int] = [b"XREADGROUP", b"GROUP", _GROUP, _READER, b"COUNT", each, b"STREAMS"]
        together = [self._keys] if self._link.one_trip else [[key] for key in self._keys]
        asked = [
            Command(sized(keys[0]), tuple(map(sized, [*read, *keys, *[b">"] * len(keys)])))
            for keys in together
        ]
        return [
            Entry(stream, place, fields[1])
            for reply in self._with_groups(asked)
            for stream, entries in reply or ()
            for place, fields in entries
        ]

    def take_left(self, idle_seconds: float) -> list[Entry]:
        """Entries that were taken so long ago that their worker must have died."""
        idle = int(idle_seconds * 1000)
        replies = self._with_groups(
            [command(b"XAUTOCLAIM", key, _GROUP, _READER, idle, b"0", b"COUNT", 100) for key in self._keys]
        )
        return [
            Entry(key, place, fields[1])
            for key, reply in zip(self._keys, replies, strict=True)
            for place, fields in reply[1]
        ]

    def done(self, entries: Iterable[Entry]) -> None:
        """These are safe elsewhere: forget them."""
        ids: dict[bytes, list[bytes]] = {}
        for entry in entries:
            ids.setdefault(entry.stream, []).append(entry.id)
        asked = [
            part
            for stream, of in ids.items()
            for part in (command(b"XACK", stream, _GROUP, *of), command(b"XDEL", stream, *of))
        ]
        if asked:
            self._link.ask(*asked)

    def waiting(self) -> int:
        """Entries not done yet."""
        return sum(self._link.ask(*(command(b"XLEN", key) for key in self._keys)))

    def _with_groups(self, asked: Sequence[Command]) -> list[Any]:
        """The replies; the groups are made anew where the store has lost them."""
        try:
            return self._link.ask(*asked)
        except StoreUnreachable as error:
            if "NOGROUP" not in str(error):
                raise
        for key in self._keys:
            try:
                self._link.ask(command(b"XGROUP", b"CREATE", key, _GROUP, b"0", b"MKSTREAM"))
            except StoreUnreachable as error:
                if "BUSYGROUP" not in str(error):  # another worker made it
                    raise
        return self._link.ask(*asked)
