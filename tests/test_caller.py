"""Somebody who presses anything, on the real menus with the demo registry: a page each time, that fits, and never too much."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from gsm0338 import Codec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from smsutil import split

from tests.parts.gateway import Gateway, opened
from tests.phone import Phone
from tests.transcripts.script import cast

CAST = cast()
PHONES = sorted({row["phone"] for row in CAST.values()} | {"+923339999999", "+447911123456"})
CNICS = [row["cnic"] for row in CAST.values() if row["cnic"]]
PINS = {row["pin"] for row in CAST.values() if row["pin"]}
# Chosen by who has none yet; neither stands in the cast.
NEW_PINS = {"8302", "9175"}
LANGUAGES = ["en", "ur_Latn", "ur"]
EASTERN = {48 + digit: 0x6F0 + digit for digit in range(10)}
WESTERN = {zero + digit: 48 + digit for zero in (0x660, 0x6F0) for digit in range(10)}
MONEY = re.compile(r"\bRs\b|روپے")
CNIC = re.compile(r"(?<!\d)\d{5}[- ]?\d{7}[- ]?\d(?!\d)")
GSM7 = Codec()


# -- what she does -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Key:
    """Type it, whatever is shown."""

    typed: str


@dataclass(frozen=True)
class Sensible:
    """What the page asks for: one of its options, or her own PIN, CNIC or district."""

    which: int


@dataclass(frozen=True)
class Again:
    """The network repeats the hop."""

    copies: int


@dataclass(frozen=True)
class Shorter:
    """An older hop comes late."""

    drop: int


@dataclass(frozen=True)
class Forget:
    """Redis or Valkey loses all it holds, after the journal was drained or before."""

    drained: bool


@dataclass(frozen=True)
class Dial:
    """A new dial, with the session before left as it is or ended by the network."""

    code: str
    cut: bool


ODDITIES = [
    "0", "00", "98", "1", "2", "", "*", "**", "1*", "*1", "#", "99", "000", " ", "1 ", "Lahore", "Quetta", "zzzz", "\u0663",
    "\u06f1", "1*2", "🙂", "\u200f1", "x" * 182, "9" * 60, "*" * 40, *sorted(NEW_PINS),
]  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(ODDITIES),
    st.sampled_from(CNICS).flatmap(
        lambda cnic: st.sampled_from(
            [cnic, cnic.replace("-", ""), cnic.replace("-", "").translate(EASTERN), cnic[:-1]]
        )
    ),
    st.sampled_from(sorted(PINS)).flatmap(lambda pin: st.sampled_from([pin, pin.translate(EASTERN)])),
    st.text(max_size=12),
    st.text(min_size=100, max_size=300),
)
DIALS = st.sampled_from(
    ["*8171#", "*8171#", *(f"*8171*{n}#" for n in range(1, 10)), "*8171*77#", "*8171*1*1#"]
)
SENSIBLE = st.builds(Sensible, st.sampled_from(range(9)))
ODD = st.one_of(
    st.builds(Key, KEYS),
    st.builds(Key, KEYS),
    st.builds(Again, st.integers(1, 3)),
    st.builds(Shorter, st.integers(1, 8)),
    st.builds(Forget, st.booleans()),
    st.builds(Dial, DIALS, st.booleans()),
)
# Mostly somebody who means it, or she would never get far.
STEPS = st.one_of(SENSIBLE, SENSIBLE, SENSIBLE, ODD)


# -- the gateway she calls ---------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def afresh(demo_data, valkey_url, book, tmp_path_factory):
    """A function: the gateway and its store as they were at first, without the tries, look-ups and sessions since."""
    with (
        opened(demo_data, tmp_path_factory.mktemp("caller") / "data", book) as start,
        Redis.from_url(valkey_url) as store,
        closing(sqlite3.connect(demo_data / "gateway.db")) as before,
    ):
        gateway = start(valkey_url)

        def again() -> tuple[Gateway, Redis]:
            store.flushall()
            with closing(sqlite3.connect(gateway.services.settings.data_dir / "gateway.db")) as now:
                before.backup(now)
            return gateway, store

        yield again


# -- what must hold whatever she does ----------------------------------------------------------------------------------
def width(page: str) -> tuple[int, int]:
    """Units that a page takes and may take, by two libraries that know nothing of ours."""
    told = split(page)
    if told.encoding == "gsm0338":
        assert len(GSM7.encode(page)[0]) == sum(part.bytes for part in told.parts) or len(told.parts) > 1
        return len(GSM7.encode(page)[0]), 160
    return len(page.encode("utf-16-be", "surrogatepass")) // 2, 70


@dataclass
class Caller:
    gateway: Gateway
    store: Redis
    phone: Phone
    pins: set[str]
    cnic: str
    typed: set[str] = field(default_factory=set)

    @property
    def book(self):
        return self.gateway.services.book

    def step(self, step) -> None:
        match step:
            case Dial(code, cut):
                if cut and self.phone.session:
                    self.phone.hang_up()
                self.typed.clear()
                self.phone.dial(code)
            case Forget(drained):
                self.forget(drained=drained)
            case Again(copies):
                self.again(copies)
            case Shorter(drop):
                self.late(drop)
            case Sensible(which) if not self.phone.ended:
                self.type(self.sensible(which))
            case Key(typed) if not self.phone.ended:
                self.type(typed)
        self.look()

    def sensible(self, which: int) -> str:
        asked = self.phone.label
        if asked in {
            "gate.enter_pin",
            "gate.new_pin",
            "gate.repeat_pin",
            "pins.change",
            "pins.choose",
            "pins.repeat",
        }:
            new = asked not in {"gate.enter_pin", "pins.change"} or which == 8
            return "8302" if new or not self.pins else sorted(self.pins)[which % len(self.pins)]
        if asked in {"check.cnic", "emergency.check"}:
            return self.cnic
        if asked == "offices.district":
            return ("Lahore", "lahor", "Nowhere")[which % 3]
        shown = re.findall(r"^(\d+) ", self.phone.screen, re.MULTILINE)
        return shown[which % len(shown)] if shown else "0"

    def type(self, keys: str) -> None:
        self.typed |= set(re.findall(r"\d+", keys.translate(WESTERN)))
        self.phone.send(keys)

    def again(self, copies: int) -> None:
        shown = self.phone.raw
        for _ in range(copies):
            self.phone.hop()
            assert self.phone.raw == shown

    def late(self, drop: int) -> None:
        shown, trail = self.phone.raw, self.phone.trail
        self.phone.trail = trail[:-drop]
        if self.phone.trail:
            self.phone.hop()
            assert self.phone.raw == shown
        self.phone.trail = trail

    def forget(self, *, drained: bool) -> None:
        shown = self.phone.raw
        while drained and self.gateway.services.journal.drain():
            pass
        self.store.flushall()
        self.phone.hop()
        # An empty trail is a new dial to a gateway that knows of no other: she gets the first page, not the offer to go on.
        if drained and self.phone.trail:
            assert self.phone.raw == shown

    def look(self) -> None:
        page = self.phone.screen
        assert page.strip()
        assert page not in {self.book.page("common.trouble", language).text for language in LANGUAGES}
        taken, most = width(page)
        assert taken <= most, page
        plain = page.translate(WESTERN)
        assert not CNIC.search(plain), page
        numbers = set(re.findall(r"(?<![\d,.-])\d{4}(?![\d,.-])", plain))
        assert not numbers & (PINS | NEW_PINS), page
        assert not MONEY.search(page) or self.typed & (self.pins or NEW_PINS), page
        if not self.phone.ended:
            self.look_home()

    def look_home(self) -> None:
        """From here `00` leads to the first page; then all is put back as it was."""
        kept = {key: self.store.dump(key) for key in self.store.keys()}  # noqa: SIM118 - Redis's own
        copy = Phone(self.gateway.client, self.phone.number)
        copy.session, copy.trail, copy.label, copy.raw = (
            self.phone.session, self.phone.trail, self.phone.label, self.phone.raw,
        )  # fmt: skip
        copy.send("00")
        assert copy.label == "common.home", self.phone.raw
        assert copy.screen in {self.book.page("common.home", language).text for language in LANGUAGES}
        self.store.flushall()
        for key, value in kept.items():
            self.store.restore(key, 0, value)


@pytest.mark.timeout(300)  # a failing walk is shortened before it is told
@settings(
    max_examples=100, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip
@given(
    number=st.sampled_from(PHONES),
    language=st.sampled_from([None, *LANGUAGES]),
    steps=st.lists(STEPS, min_size=12, max_size=30),
)
def test_whatever_she_does(afresh, number, language, steps):
    gateway, store = afresh()
    if language:
        gateway.services.core.registry.choose_language(number, language, "before")
    rows = [row for row in CAST.values() if row["phone"] == number]
    caller = Caller(
        gateway, store, gateway.phone(number),
        pins={row["pin"] for row in rows if row["pin"]},
        cnic=next((row["cnic"] for row in rows if row["cnic"]), CNICS[0]),
    )  # fmt: skip
    caller.step(Dial("*8171#", cut=False))
    for step in steps:
        caller.step(step)
