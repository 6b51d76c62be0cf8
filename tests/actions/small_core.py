"""A core of a few plain values: answers what a test put into it, and notes what was written."""

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.clock import deadline
from gateway.conversation.verbs import Ask
from gateway.core.port import (
    Application,
    Applied,
    CoarseAnswer,
    Contact,
    Core,
    Decision,
    EventStanding,
    Instalment,
    LinkedPerson,
    Offer,
    Office,
    PinAnswer,
    Reason,
    State,
    Tracked,
    Unpaid,
)

ROOT = Path(__file__).resolve().parents[2]
OFFICE = Office("BISP Shalimar", "GT Road", "Lahore", "Shalimar", "9-5 Mon-Fri")


@dataclass
class SmallRegistry:
    linked: tuple[LinkedPerson, ...] = ()
    languages: dict[str, tuple[str, str]] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)

    def persons_on(self, phone):
        return self.linked

    def phone_of(self, phone_key):
        return None

    def contact(self, phone):
        return Contact(opted_out=self.opted_out.get(phone, False))

    def choose_language(self, phone, language, session):
        self.languages[phone] = (language, session)

    def opt_out(self, phone, opted_out):
        self.opted_out[phone] = opted_out


@dataclass
class SmallPins:
    answer: PinAnswer = field(default_factory=lambda: PinAnswer("right"))
    weak: frozenset[str] = frozenset({"1234"})
    chosen: list[tuple[int, str, str]] = field(default_factory=list)
    standing: bool = False

    def check(self, person, phone, pin, key):
        return self.answer

    def choose(self, person, phone, pin, key, *, granted):
        if pin in self.weak:
            return "weak"
        if self.standing and not granted:
            return "set"
        self.chosen.append((person, pin, key))
        return "chosen"

    def fits(self, person, pin):
        return pin not in self.weak


@dataclass
class SmallEligibility:
    answer: CoarseAnswer | None = None
    decision: Decision | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def coarse(self, cnic, phone, key):
        self.asked.append((cnic, phone, key))
        return self.answer

    def decide(self, person, programme):
        return self.decision

    def coarse_of(self, person):
        return self.answer.result

    def explain(self, cnic):
        return (self.decision,)


@dataclass
class SmallPayments:
    instalments: tuple[Instalment, ...] = ()
    standings: tuple[EventStanding, ...] = ()

    def latest(self, person, programme):
        return next((each for each in self.instalments if each.programme == programme), None)

    def ready(self, person):
        return tuple(each for each in self.instalments if each.standing in {"ready", "branch"})

    def history(self, person, limit=12):
        return self.instalments[:limit]

    def events(self, person):
        return self.standings

    def notified(self, instalments):
        raise AssertionError("no verb says that an alert was delivered")


@dataclass
class SmallDirectory:
    own: Office | None = OFFICE
    known: dict[str, tuple[Office, ...]] = field(default_factory=lambda: {"Lahore": (OFFICE,)})
    spellings: tuple[str, ...] = ("Lahore",)
    tehsil_names: tuple[str, ...] = ()
    home: str | None = "Model Town"

    def office_of(self, person):
        return self.own

    def offices(self, district):
        return self.known.get(district, ())

    def districts(self, like, limit=5):
        return (like,) if like in self.known else self.spellings

    def tehsils(self, like, limit=5):
        return self.tehsil_names

    def tehsil_of(self, person):
        return self.home


@dataclass
class SmallApplications:
    shown: tuple[Offer, ...] = ()
    answer: Applied | None = None
    standing: tuple[Application, ...] = ()
    taken_back: str = "withdrawn"
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def offers(self, person):
        return self.shown

    def apply(self, person, programme, phone, key, *, channel, subject=""):
        self.asked.append((programme, subject, key))
        return self.answer

    def of(self, person):
        return self.standing

    def withdraw(self, person, reference):
        self.asked.append((reference, "", ""))
        return self.taken_back


@dataclass
class SmallTracking:
    """known: reference -> what stands; hers are open."""

    known: dict[str, Tracked] = field(default_factory=dict)

    def track(self, reference, phone, person=None):
        return self.known.get(reference)

    def open_of(self, person):
        return tuple(self.known.values())


class Unasked:
    """A subject that the verb under test has no business with."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was not expected to be asked")


def small_core(**subjects) -> Core:
    return Core(
        **{
            **{each.name: Unasked() for each in fields(Core)},
            "registry": SmallRegistry(),
            "pins": SmallPins(),
            "eligibility": SmallEligibility(),
            "payments": SmallPayments(),
            "directory": SmallDirectory(),
            "applications": SmallApplications(),
            **subjects,
        }
    )


def ask(**facts) -> Ask:
    return Ask(
        **{
            "key": "session/screen/1",
            "session": "session",
            "phone": "+923001234501",
            "phone_key": "key",
            "language": "en",
            "deadline": deadline(5),
            "person": 7,
            **facts,
        }
    )


def instalment(standing="ready", unpaid: Unpaid | None = None, **facts) -> Instalment:
    return Instalment(
        **{
            "id": 1,
            "programme": "kafaalat",
            "period": "2026Q4",
            "amount": 13_500,
            "state": State.CREDITED,
            "standing": standing,
            "unpaid": unpaid,
            "place": "HBL Shop",
            "moved_on": date(2026, 11, 2),
            **facts,
        }
    )


def decision(outcome, code: str | None = None, seen: str = "", **facts) -> Decision:
    reasons = (Reason("ALIVE", True, "alive", "yes"),)
    if code:
        reasons += (Reason(code, False, "a rule", seen),)
    return Decision(
        **{
            "programme": "kafaalat",
            "outcome": outcome,
            "reasons": reasons,
            "rule_version": "1",
            "score": "24.10",
            "decided_at": datetime(2026, 11, 22, tzinfo=UTC),
            **facts,
        }
    )
