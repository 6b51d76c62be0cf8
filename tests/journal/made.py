"""Sessions and turns to put into the store, and callers."""

import itertools

from gateway import clock
from gateway.conversation.session import Call, Opening, Page, Session, Turn
from gateway.journal.script import plain
from gateway.journal.sessions import Memory
from gateway.privacy import Vault
from gateway.settings import DEMO_SECRET_KEYS, Settings

VAULT = Vault(Settings(secret_keys=DEMO_SECRET_KEYS).keys)
PHONE = VAULT.phone_key("+923001234501")
OTHER = VAULT.phone_key("+923001234502")
_ids = itertools.count(1)


def session_id() -> str:
    return f"ATUid_{next(_ids):032x}"


def session(sid: str, phone_key: str = PHONE, **more) -> Session:
    return Session(
        id=sid,
        phone_key=phone_key,
        **{"language": "ur_Latn", "screen": "common.home", "shown": "8171", **more},
    )


def turn(sid: str, number: int = 1, **more) -> Turn:
    first = (
        {"opening": Opening(language="ur_Latn"), "screen_from": "start", "keys": ""} if number == 1 else {}
    )
    fields = {
        "session": sid, "number": number, "screen_from": "common.home", "screen_to": "payments.latest",
        "edges": ("common.home/payments", "payments.latest/ready"), "keys": "1", "language": "ur_Latn",
        "page": Page("Rs 13,500 tayyar hai\n0 Wapas 00 Home", end=False, screen="payments.ready"), "millis": 3.21,
        "trail_length": 2 * number - 3 if number > 1 else 0,
        "calls": (Call("latest_payment", "ready", 2.5, {"amount": 13500}),), "menu_version": "a1b2c3",
    }  # fmt: skip
    return Turn(**fields | first | more)


def memory(sid: str, **more) -> Memory:
    return Memory(
        **{"language": "ur_Latn", "resume": "payments.latest", "at": clock.epoch(), "session": sid, **more}
    )


def keys_of(held) -> list[bytes]:
    """Lock, session, phone, journal, deferred, as the store names them."""
    return [plain(key) for key in held.keys]


def hop(sessions, sid: str, number: int = 1, phone_key: str = PHONE, **more):
    """One whole hop: hold, a turn, save."""
    held = sessions.hold(sid, phone_key, first=number == 1, deadline=clock.deadline(2))
    now = held.session or session(sid, phone_key)
    now.turn = number
    for name, value in more.items():
        setattr(now, name, value)
    return held, sessions.save(held, now, [turn(sid, number)], memory(sid))
