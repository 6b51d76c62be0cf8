"""Sessions between two hops: one trip to the store takes hold of one, one trip puts it back with all it left behind."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from pydantic_core import from_json, to_json

from gateway.clock import Deadline
from gateway.conversation.codec import UnreadableSession, dump, load
from gateway.conversation.session import Session, Turn
from gateway.errors import SessionBusy
from gateway.journal.link import Link
from gateway.journal.record import write_entry
from gateway.journal.script import Command, Script
from gateway.journal.stream import FIELD, Stream
from gateway.journal.tags import tag_of
from gateway.settings import Settings

log = structlog.get_logger()

# KEYS lock, session, phone; ARGV token, milliseconds. Nothing if another copy of the hop holds the lock.
_HOLD = Script("""
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) or redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('MGET', KEYS[2], KEYS[3])
end
return false
""")
# KEYS lock, session, phone, journal, deferred; ARGV token, session, its seconds, memory, its seconds, most entries,
# field, number of turns, turns, deferred answers. 0 if the lock is not ours any more: somebody else answered.
_SAVE = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
local turns = tonumber(ARGV[8])
for i = 9, #ARGV do
  local stream = i < 9 + turns and KEYS[4] or KEYS[5]
  redis.call('XADD', stream, 'MAXLEN', '~', ARGV[6], '*', ARGV[7], ARGV[i])
end
redis.call('DEL', KEYS[1])
return 1
""")
_RELEASE = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)

JOURNAL, DEFERRED = "journal", "deferred"
# A guard against a worker that is away for long: 64 streams of so many turns, about half a gigabyte in all.
MOST_WAITING = 10_000
# Seconds that a lock outlives its hop's deadline. Short, so that a copy of the hop that comes a moment after its process
# was killed gets its turn before its own deadline; a hop that is later still saves nothing, and is walked again.
LOCK_MARGIN = 0.5
LIVE_MARGIN = 120  # seconds that a session outlives the time in which it can be gone on with
ENDED_SECONDS = 300  # late copies of the last hop and the session-ended notice still find it
MEMORY_SECONDS = 24 * 3600
_FIRST_PAUSE, _LONGEST_PAUSE = 0.004, 0.03


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a phone.

    language    chosen last, or None; resume the entry screen she can go on from, or None
    at          seconds since 1970 of her last hop; session the session it was in
    """

    language: str | None
    resume: str | None
    at: float
    session: str


@dataclass(frozen=True, slots=True)
class Held:
    """A session in our hands until `save` or `release`.

    session     None on a first hop, or where the store lost it
    foreign     the session id belongs to another phone; nothing of hers is given, and nothing may be saved
    """

    session_id: str
    phone_key: str
    token: bytes
    session: Session | None
    memory: Memory | None
    foreign: bool
    deadline: Deadline
    keys: tuple[bytes, bytes, bytes, bytes, bytes]


class Sessions:
    """The sessions of all callers, in Redis. Safe to share between threads."""

    def __init__(self, link: Link, settings: Settings) -> None:
        self._link = link
        self._lock_millis = int((settings.hop_seconds + LOCK_MARGIN) * 1000)
        self._turn_seconds = min(0.3, settings.hop_seconds / 4)
        self._live_seconds = settings.resume_minutes * 60 + LIVE_MARGIN
        self._journal = settings.journal
        self.deferred = Stream(link, DEFERRED)

    def hold(self, session_id: str, phone_key: str, *, first: bool, deadline: Deadline) -> Held:
        """Take hold of a session in one trip; where another copy of the hop is at work, wait for it.

        first: the trail is empty. Raises SessionBusy if the copy is still at work at the deadline, StoreUnreachable.
        """
        keys = _keys(session_id, phone_key)
        token = secrets.token_hex(8).encode()
        take = _HOLD.on(keys[:3], token, self._lock_millis)
        owner: bytes | None = None
        if first and self._link.one_trip:
            found, owner = self._link.ask(take, self._owner(session_id, phone_key), deadline=deadline)
        else:
            (found,) = self._link.ask(take, deadline=deadline)
        pause = _FIRST_PAUSE
        while found is None:
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
            Memory(*from_json(remembered)) if remembered else None,
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
        deferred: Sequence[str | bytes] = (),
    ) -> bool:
        """Store the session, what is remembered of the phone, the turns and the answers owed, and let go, in one trip.

        deferred: sealed payloads, for `self.deferred` to give to a worker. False if the lock ran out meanwhile: then
        nothing was stored, for another copy of the hop went ahead.
        """
        entries = [write_entry(turn, held.phone_key) for turn in turns] if self._journal else []
        put = _SAVE.on(
            held.keys,
            held.token,
            dump(session),
            ENDED_SECONDS if session.ended else self._live_seconds,
            _pack_memory(memory),
            MEMORY_SECONDS,
            MOST_WAITING,
            FIELD,
            len(entries),
            *entries,
            *deferred,
        )
        (saved,) = self._link.ask(put, deadline=held.deadline)
        return bool(saved)

    def release(self, held: Held) -> None:
        """Let go without a change."""
        self._link.ask(_RELEASE.on(held.keys[:1], held.token), deadline=held.deadline)

    def disown(self, held: Held) -> None:
        """Take back the claim on a session id that turned out to be another phone's."""
        key = _owner_key(held.session_id)
        self._link.ask(_RELEASE.on((key,), held.phone_key), deadline=held.deadline)

    def peek(self, session_id: str, phone_key: str) -> Session | None:
        """The session as it stands, without holding it; None for another phone's."""
        key = _keys(session_id, phone_key)[1]
        (packed,) = self._link.ask(Command(key, (b"GET", key)))
        session = _unpack(packed)
        return session if session and session.phone_key == phone_key else None

    def recall(self, phone_key: str) -> Memory | None:
        """What is remembered of a phone, without holding anything."""
        key = _keys("", phone_key)[2]
        (remembered,) = self._link.ask(Command(key, (b"GET", key)))
        return Memory(*from_json(remembered)) if remembered else None

    def forget(self, phone_key: str) -> None:
        """Drop what is remembered of a phone, so that the core is asked: she chose a language by SMS, say."""
        key = _keys("", phone_key)[2]
        self._link.ask(Command(key, (b"DEL", key)))

    def ping(self) -> None:
        """Raises StoreUnreachable if the store cannot take a write (its memory or its disk is full, it is a replica)."""
        self._link.ask(Command(b"ping", (b"SET", b"ping", b"1", b"EX", 60)))

    def _owner(self, session_id: str, phone_key: str) -> Command:
        """Claim the session id for this phone, or learn whose it is. It lives in the slot of the id, not of the phone."""
        key = _owner_key(session_id)
        return Command(key, (b"SET", key, phone_key, b"NX", b"GET", b"EX", 2 * self._live_seconds))


def _owner_key(session_id: str) -> bytes:
    return f"owner:{session_id}".encode()


def _keys(session_id: str, phone_key: str) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Lock, session, phone, journal, deferred: all of one tag."""
    tag = tag_of(phone_key)
    return (
        f"{tag}:lock:{session_id}".encode(),
        f"{tag}:session:{session_id}".encode(),
        f"{tag}:phone:{phone_key}".encode(),
        f"{tag}:{JOURNAL}".encode(),
        f"{tag}:{DEFERRED}".encode(),
    )


def _unpack(packed: bytes | None) -> Session | None:
    """The session; one that another release wrote in another form counts as lost, and is walked again."""
    if not packed:
        return None
    try:
        return load(packed)
    except UnreadableSession:
        log.warning("session_unreadable")
        return None


def _pack_memory(memory: Memory) -> bytes:
    return to_json((memory.language, memory.resume, round(memory.at, 1), memory.session))
