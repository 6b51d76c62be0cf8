"""Sessions between two hops: one trip to the store takes hold of one, one trip puts it back with all it left behind."""

import time
from collections.abc import Sequence
from typing import NamedTuple

import structlog
from pydantic_core import from_json, to_json

from gateway.clock import Deadline
from gateway.conversation.codec import UnreadableSession, dump, load
from gateway.conversation.session import Session, Turn
from gateway.errors import SessionBusy
from gateway.journal.holder import is_gone, new_token
from gateway.journal.link import Link
from gateway.journal.record import write_entry
from gateway.journal.script import Command, Script, command, plain, sized
from gateway.journal.stream import FIELD, Stream
from gateway.journal.tags import TAGS, number_of
from gateway.settings import Settings

log = structlog.get_logger()

# KEYS lock, session, phone; ARGV token, milliseconds, the token of a holder that died. The token of whoever holds the
# lock if another copy of the hop does.
_HOLD = Script("""
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  local holder = redis.call('GET', KEYS[1])
  if holder ~= ARGV[1] and holder ~= ARGV[3] then return holder end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return redis.call('MGET', KEYS[2], KEYS[3])
""")
# KEYS lock, session, phone, then the stream of each entry; ARGV token, session, its seconds, memory, then the entries.
# 0 if the lock is not ours any more: somebody else answered.
_SAVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'EX', {memory_seconds})
for i = 4, #KEYS do
  redis.call('XADD', KEYS[i], 'MAXLEN', '~', {most_waiting}, '*', '{field}', ARGV[i + 1])
end
redis.call('DEL', KEYS[1])
return 1
"""
_RELEASE = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)

JOURNAL, DEFERRED = "journal", "deferred"
# A guard against a worker that is away for long: 64 streams of so many turns, about half a gigabyte in all.
MOST_WAITING = 10_000
# Seconds that a lock outlives its hop's deadline. Short, so that a copy of the hop that comes a moment after its machine
# died gets its turn before its own deadline; a hop that is later still saves nothing, and is walked again.
LOCK_MARGIN = 0.5
LIVE_MARGIN = 120  # seconds that a session outlives the time in which it can be gone on with
ENDED_SECONDS = 300  # late copies of the last hop and the session-ended notice still find it
MEMORY_SECONDS = 24 * 3600
_FIRST_PAUSE, _LONGEST_PAUSE = 0.004, 0.03
_ENDED = sized(ENDED_SECONDS)
# How the keys of each tag begin; those of the queues are whole.
_BEGINNINGS = tuple(
    (
        *(f"{tag}:{name}:".encode() for name in ("lock", "session", "phone")),
        *(sized(f"{tag}:{name}") for name in (JOURNAL, DEFERRED)),
    )
    for tag in TAGS
)


class Memory(NamedTuple):
    """What is remembered of a phone.

    language    chosen last, or None; resume the entry screen she can go on from, or None
    at          seconds since 1970 of her last hop; session the session it was in
    """

    language: str | None
    resume: str | None
    at: float
    session: str


class Held(NamedTuple):
    """A session in our hands until `save` or `release`.

    session     None on a first hop, or where the store lost it
    remembered  of the phone, as it was stored
    foreign     the session id belongs to another phone; nothing of hers is given, and nothing may be saved
    """

    session_id: str
    phone_key: str
    token: bytes
    session: Session | None
    remembered: bytes | None
    foreign: bool
    deadline: Deadline
    keys: tuple[bytes, bytes, bytes, bytes, bytes]

    @property
    def memory(self) -> Memory | None:
        """What is remembered of the phone. Read when it is asked for: most hops do without."""
        return _unpack_memory(self.remembered)


class Sessions:
    """The sessions of all callers, in Redis. Safe to share between threads."""

    def __init__(self, link: Link, settings: Settings) -> None:
        self._link = link
        self._lock_millis = sized(int((settings.hop_seconds + LOCK_MARGIN) * 1000))
        self._turn_seconds = min(0.3, settings.hop_seconds / 4)
        live_seconds = settings.resume_minutes * 60 + LIVE_MARGIN
        self._live_seconds, self._owner_seconds = sized(live_seconds), 2 * live_seconds
        self._journal = settings.journal
        self._save = Script(
            _SAVE.format(memory_seconds=MEMORY_SECONDS, most_waiting=MOST_WAITING, field=FIELD.decode())
        )
        self.deferred = Stream(link, DEFERRED)

    def hold(self, session_id: str, phone_key: str, *, first: bool, deadline: Deadline) -> Held:
        """Take hold of a session in one trip; where another copy of the hop is at work, wait for it.

        first: the trail is empty. Raises SessionBusy if the copy is still at work at the deadline, StoreUnreachable.
        """
        keys = _keys(session_id, phone_key)
        token = sized(new_token())
        take = _HOLD.on(keys[:3], token, self._lock_millis)
        owner: bytes | None = None
        if first and self._link.one_trip:
            found, owner = self._link.ask(take, self._owner(session_id, phone_key), deadline=deadline)
        else:
            (found,) = self._link.ask(take, deadline=deadline)
        pause = _FIRST_PAUSE
        while not isinstance(found, list):
            if isinstance(found, bytes) and is_gone(found):
                take = _HOLD.on(keys[:3], token, self._lock_millis, sized(found))
                (found,) = self._link.ask(take, deadline=deadline)
                continue
            # What is left must do for the turn too: a page of apology would be stored as the end of her session.
            if deadline.left() <= max(pause, self._turn_seconds):
                raise SessionBusy("another copy of this hop is at work")
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 1.5)
            (found,) = self._link.ask(take, deadline=deadline)
        packed, remembered = found
        session = _unpack(packed)
        if session is None and not (first and self._link.one_trip):
            (owner,) = self._link.ask(self._owner(session_id, phone_key), deadline=deadline)
        # Two phones may share a tag, so what was found may still be another's.
        mine = session.phone_key == phone_key if session else owner in (None, phone_key.encode())
        return Held(
            session_id,
            phone_key,
            token,
            session if mine else None,
            remembered,
            not mine,
            deadline,
            keys,
        )

    def save(
        self,
        held: Held,
        session: Session,
        turns: Sequence[Turn],
        memory: Memory,
        deferred: Sequence[str] = (),
    ) -> bool:
        """Store the session, what is remembered of the phone, the turns and the answers owed, and let go, in one trip.

        deferred: sealed payloads, for `self.deferred` to give to a worker. False if the lock ran out meanwhile: then
        nothing was stored, for another copy of the hop went ahead.
        """
        entries = [sized(write_entry(turn, held.phone_key)) for turn in turns] if self._journal else []
        lock, kept, phone, journal, owed = held.keys
        put = self._save.on(
            (lock, kept, phone, *[journal] * len(entries), *[owed] * len(deferred)),
            held.token,
            sized(dump(session)),
            _ENDED if session.ended else self._live_seconds,
            sized(to_json(memory)),
            *entries,
            *map(sized, deferred),
        )
        (saved,) = self._link.ask(put, deadline=held.deadline)
        return bool(saved)

    def release(self, held: Held) -> None:
        """Let go without a change."""
        self._link.ask(_RELEASE.on(held.keys[:1], held.token), deadline=held.deadline)

    def disown(self, held: Held) -> None:
        """Take back the claim on a session id that turned out to be another phone's."""
        key = sized(_owner_key(held.session_id))
        self._link.ask(_RELEASE.on((key,), sized(held.phone_key)), deadline=held.deadline)

    def peek(self, session_id: str, phone_key: str) -> Session | None:
        """The session as it stands, without holding it; None for another phone's."""
        (packed,) = self._link.ask(command(b"GET", plain(_keys(session_id, phone_key)[1])))
        session = _unpack(packed)
        return session if session and session.phone_key == phone_key else None

    def recall(self, phone_key: str) -> Memory | None:
        """What is remembered of a phone, without holding anything."""
        (remembered,) = self._link.ask(command(b"GET", plain(_keys("", phone_key)[2])))
        return _unpack_memory(remembered)

    def forget(self, phone_key: str) -> None:
        """Drop what is remembered of a phone, so that the core is asked: she chose a language by SMS, say."""
        self._link.ask(command(b"DEL", plain(_keys("", phone_key)[2])))

    def ping(self) -> None:
        """Raises StoreUnreachable if the store cannot take a write (its memory or its disk is full, it is a replica)."""
        self._link.ask(command(b"SET", b"ping", b"1", b"EX", b"60"))

    def _owner(self, session_id: str, phone_key: str) -> Command:
        """Claim the session id for this phone, or learn whose it is. It lives in the slot of the id, not of the phone."""
        key = _owner_key(session_id)
        return command(b"SET", key, phone_key, b"NX", b"GET", b"EX", self._owner_seconds)


def _owner_key(session_id: str) -> bytes:
    return f"owner:{session_id}".encode()


def _keys(session_id: str, phone_key: str) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Lock, session, phone, journal, deferred: all of one tag, and sized."""
    lock, session, phone, journal, deferred = _BEGINNINGS[number_of(phone_key)]
    sid = session_id.encode()
    return sized(lock + sid), sized(session + sid), sized(phone + phone_key.encode()), journal, deferred


def _unpack(packed: bytes | None) -> Session | None:
    """The session; one that another release wrote in another form counts as lost, and is walked again."""
    if not packed:
        return None
    try:
        return load(packed)
    except UnreadableSession:
        log.warning("session_unreadable")
        return None


def _unpack_memory(packed: bytes | None) -> Memory | None:
    return Memory(*from_json(packed)) if packed else None
