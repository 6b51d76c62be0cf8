"""A morning of the demo's people: dials, texts, cases and calls, so that every page of the console has something to show."""

from datetime import timedelta
from typing import NamedTuple

import time_machine

from gateway import clock
from gateway.core.port import Window
from gateway.messages.rollups import sources
from tests.console.applying import applied
from tests.console.phones import person_of
from tests.parts.gateway import DAY, Gateway
from tests.transcripts.script import cast

CAST = cast()
PACE = 7.5  # seconds that she takes for a key
# Minutes before the day's noon, caller, what she presses, how long the call lasts after her last key; None where she waits on.
DIALS = (
    (240, "ready", ("1", "1", "1", "1", "4821", "0"), 20),
    (236, "stipends", ("2", "3", "1"), 5),
    (229, "biometric", ("2", "1", "1", "7716"), 15),
    (214, "above", ("2", "2", "1"), 9),
    (190, "filtered", ("1", "2", "1", "6535"), 12),
    (184, "unsurveyed", ("2", "2"), 60),
    (171, "review", ("1", "2", "1", "8979"), 11),
    (150, "loan", ("2", "4", "2", "3238"), 60),
    (143, "sehat", ("1", "4", "1", "4626"), 14),
    (118, "flood", ("1", "1", "4", "3279"), 20),
    (96, "stranger", ("2", "2", "2", "3520212345012"), 8),
    (70, "wallet", ("1", "1", "5", "7510"), 10),
    (55, "transgender", ("2", "2", "1", "7169"), 60),
    (41, "resurvey", ("1", "1", "2", "3993"), 13),
    (26, "expired", ("2", "1", "2", "2468"), 7),
    (12, "nashonuma", ("1", "3", "2", "4338"), 60),
    (6, "ready", ("1", "1", "4821", "98", "0"), 4),
    (1, "stipends", ("2", "1"), None),
    (0.2, "biometric", ("1",), None),
)
TEXTS = (
    (200, "ready", "35202-1234501-2"), (160, "expired", "WHY"), (120, "above", "61101 1234506 4"), (30, "stipends", "SCHOOL"),
    (20, "loan", "LOAN"), (3, "flood", "FLOOD"),
)  # fmt: skip
# Category, whose, what she said, days ago, whether the agent has taken it.
CASES = (
    ("short_payment", "ready", "The shop gave Rs 13,000 and kept Rs 500.", 9, True),
    ("biometric", "biometric", "The machine did not take her thumb, three times.", 2, True),
    ("appeal", "filtered", "Her husband has left the service two years ago.", 27, True),
    ("scam", "above", "A man rang and asked for Rs 2,000 for the card.", 0, True),
    ("not_received", "expired", "", 16, False),
    ("school_record", "stipends", "The teacher wrote her absent while the school was shut.", 5, False),
    ("card_refused", "sehat", "The desk said the card is not in force.", 1, False),
    ("loan", "loan", "", 4, False),
    ("account", "wallet", "SIM is in her brother's name.", 3, False),
)


class Morning(NamedTuple):
    """What tests open: the number of the ready woman, her last dial with its screens, a case of the agent's, an application."""

    person: int
    session: str
    screens: tuple[str, ...]
    case: str
    application: str


def at(minutes: float):
    return time_machine.travel(DAY - timedelta(minutes=minutes), tick=True)


def morning(gateway: Gateway) -> Morning:
    services = gateway.services
    agent = next(one for one in services.staff.accounts.all() if one.name == "agent")
    cases = []
    for number, (category, who, words, days, taken) in enumerate(CASES):
        with at(days * 24 * 60 + 30 + number):
            case = services.core.casework.open(
                category,
                CAST[who]["phone"],
                f"day{number}",
                by=agent.mark,
                person=person_of(gateway, CAST[who]),
                words=words,
            ).case
            if taken:
                services.core.casework.assign(
                    [case.reference], agent.mark, by=agent.mark, key=f"take{number}", confidential=False
                )
            cases.append(case.reference)
    said: dict[str, tuple[str, list[str]]] = {}
    for minutes, who, keys, silence in DIALS:
        phone = gateway.phone(CAST[who]["phone"])
        with at(minutes):
            screens = [phone.dial()]
        for number, key in enumerate(keys, 1):
            with at(minutes - number * PACE / 60):
                screens.append(phone.send(key))
        said[who] = (phone.session, screens)
        services.journal.drain()
        if silence is not None:
            lasted = len(keys) * PACE + silence
            with at(minutes - lasted / 60):
                phone.hang_up(seconds=lasted)
    for minutes, who, words in TEXTS:
        with at(minutes):
            gateway.reply_to(gateway.phone(CAST[who]["phone"]), words)
    for number, (who, window, female) in enumerate(
        (("review", "afternoon", False), ("nashonuma", "morning", True))
    ):
        services.core.call_backs.book(
            CAST[who]["phone"], clock.today() + timedelta(days=number), Window(window), by=agent.mark, key=f"ring{number}",
            person=person_of(gateway, CAST[who]), female=female,
        )  # fmt: skip
    services.journal.drain()
    while services.rollups.catch_up(sources(services.database, services.core.totals)):
        pass
    session, screens = said["ready"]
    return Morning(
        person_of(gateway, CAST["ready"]), session, tuple(screens), cases[0], applied(gateway)[2].reference
    )
