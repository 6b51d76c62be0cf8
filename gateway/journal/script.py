"""A Lua script in the store: sent by its hash, and by its text only where the store does not know it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from redis.typing import EncodableT

# What goes to the store in one piece: the words of a command. The store's own types only, so bytes come back.
Words = tuple[EncodableT, ...]


class Script:
    """A script with its hash. Every key it touches is given to it, all of one hash tag."""

    def __init__(self, text: str) -> None:
        self.text = text.strip().encode()
        self.sha = hashlib.sha1(self.text).hexdigest().encode()  # noqa: S324 - the store's own naming of scripts

    def on(self, keys: Sequence[EncodableT], *arguments: EncodableT) -> "Command":
        """The command that runs it."""
        return Command(
            keys[0],
            (b"EVALSHA", self.sha, len(keys), *keys, *arguments),
            (b"EVAL", self.text, len(keys), *keys, *arguments),
        )


@dataclass(frozen=True, slots=True)
class Command:
    """One command. key: any key of it, for finding its place in a cluster; full: what to send if the hash is unknown."""

    key: EncodableT
    words: Words
    full: Words | None = None


def command(name: bytes, key: EncodableT, *rest: EncodableT) -> Command:
    """A plain command whose first argument is its key."""
    return Command(key, (name, key, *rest))
