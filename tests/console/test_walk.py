"""Walking on from a step of hers changes nothing anywhere, asks nobody for a PIN, and ends with its time."""

import re
from contextlib import closing
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from redis import Redis
from sqlalchemy import MetaData, select

from gateway import clock
from gateway.actions.perform import Performer
from gateway.actions.registry import REGISTRY
from gateway.actions.verb import ACTIONS
from gateway.conversation.verbs import Ask
from gateway.journal.journal import Journal
from tests.journal.made import PHONE, session_id, turn
from tests.parts.gateway import DAY

OWN = {
    "audit",
    "staff_sitting",
    "turn",
    "ussd_session",
}  # of the member who looks, and of the dial she looks at
CALLERS = ("+923001234501", "+923001234505", "+923001234507", "+923001234518", "+923001234520")


@pytest.fixture
def stored(gateway):
    """A function: all that the gateway keeps, by table and by key of the store."""
    tables = MetaData()
    with gateway.services.database.reading() as connection:
        tables.reflect(connection)

    def stored():
        with gateway.services.database.reading() as connection:
            rows = {
                name: sorted(map(repr, connection.execute(select(table))))
                for name, table in tables.tables.items()
                if name not in OWN
            }
        with closing(Redis.from_url(gateway.services.settings.store_url)) as store:
            # A stream also remembers when it was last read; what it holds is what counts.
            kept = {
                key: store.xlen(key) if key.endswith(b":journal") else store.dump(key)
                for key in store.scan_iter()
            }
        return rows, kept

    return stored


def page_of(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r'<div class="screen" id="now"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
    return unescape(found[1]) if found else ""


class Trial:
    """A walk of a colleague's."""

    def __init__(self, her, session, step):
        self.her, self.session = her, session
        self.answer = her.send(f"/sessions/{session}/walk", "/me", step=str(step))

    @property
    def screen(self):
        return page_of(self.answer)

    @property
    def state(self):
        return re.search(r'name="state" value="([^"]+)"', self.answer.text)[1]

    def press(self, keys):
        self.answer = self.her.send(f"/sessions/{self.session}/walk", "/me", state=self.state, keys=keys)
        return self.screen

    def choose(self, label):
        for _ in range(5):
            if found := re.search(rf"^(\d+) [^\n]*{label}", self.screen, re.MULTILINE):
                return self.press(found[1])
            self.press("98")
        raise AssertionError(f"{label} is not on\n{self.screen}")


def english(gateway, number):
    phone = gateway.phone(number)
    phone.dial()
    phone.press("English")
    return phone


def everything(perform, callers, core):
    """Ask every verb for every caller, with every answer and pick that may lead on; the outcomes by verb."""
    heard = {}
    for caller in callers:
        linked = core.registry.persons_on(caller)
        person = linked[0].id if linked else None
        for verb in REGISTRY:
            for answer, picked in (
                (None, None),
                ("3520212345012", "1"),
                ("4821", "kafaalat"),
                ("1234", "yes"),
            ):
                ask = Ask(
                    f"k/{caller}/{verb}/{answer}", f"k/{caller}", caller, "0" * 32, "en", clock.deadline(5),
                    person=person, answer=answer, picked=picked,
                    granted=frozenset({"phone", "person", "pin"}),
                )  # fmt: skip
                try:
                    heard.setdefault(verb, set()).add(perform(verb, ask).name)
                except Exception as error:  # noqa: BLE001 - a verb asked out of its place
                    heard.setdefault(verb, set()).add(type(error).__name__)
    return heard


def test_every_verb_may_be_asked_and_nothing_changes(gateway, stored):
    """The same verbs, asked in earnest, change the tables that they are there to change."""
    services = gateway.services
    before = stored()
    tried = everything(services.sandbox(), CALLERS, services.core)
    assert stored() == before
    writing = {name for name, action in ACTIONS.items() if action.verb.writes}
    assert writing <= tried.keys()
    assert all(tried[name] - {"unreachable"} for name in writing)
    languages = services.book.language_names()
    earnest = Performer(services.core, 4, languages=languages, pin_mark=services.vault.pin_mark)
    everything(earnest, CALLERS, services.core)
    rows, _ = stored()
    changed = {name for name, kept in rows.items() if kept != before[0][name]}
    assert {"reported_case", "outbox", "pin_try", "phone"} & changed, changed
    assert len(changed) >= 4, changed


def test_a_case_is_opened_on_the_trial_phone_and_nowhere_else(gateway, colleague, stored):
    phone = english(gateway, "+923001234501")
    gateway.services.journal.drain()
    her = colleague().sign_in("agent")
    before = stored()
    trial = Trial(her, phone.session, 2)
    assert trial.screen == phone.screen
    trial.choose("omplain")
    trial.choose("Something is wrong")
    told = trial.choose("Money not received")
    assert re.search(r"\b\d{8}\b is your number", told), told
    assert stored() == before
    walked = gateway.services.staff.audit.entries(act="walked_on")
    assert {entry.subject for entry in walked} == {f"session:{phone.session}"}
    assert len(walked) >= 3


def test_the_pin_she_gave_stays_given_and_nobody_types_one(gateway, colleague):
    phone = english(gateway, "+923001234501")
    phone.walk("1", "1", "4821")
    her = colleague().sign_in("agent")
    late = Trial(her, phone.session, phone_turns(gateway, phone))
    assert "13,500" in late.screen
    early = Trial(her, phone.session, 3)
    early.press("1")
    assert "this question is passed" in early.answer.text
    assert 'id="typed"' not in early.answer.text
    assert "13,500" in early.press("pass")


def phone_turns(gateway, phone):
    gateway.services.journal.drain()
    return gateway.services.journal.session(phone.session).turns


def test_a_pin_that_she_did_not_give_keeps_shut(gateway, colleague):
    phone = english(gateway, "+923001234501")
    phone.send("1")
    her = colleague().sign_in("agent")
    trial = Trial(her, phone.session, 3)
    asked = trial.press("1")
    assert "it stays shut" in trial.answer.text
    assert trial.press("4821") == asked
    assert "13,500" not in trial.answer.text
    assert trial.press("0") == phone.screen


def test_a_walk_is_hers_alone_and_for_half_an_hour(gateway, colleague):
    phone = english(gateway, "+923001234501")
    her, other = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
    state = Trial(her, phone.session, 2).state
    path = f"/sessions/{phone.session}/walk"
    assert her.send(path, "/me", state=state, keys="1").status_code == 200
    assert other.send(path, "/me", state=state, keys="1").status_code == 410
    assert her.send(path, "/me", state=f"{state[:-4]}AAAA", keys="1").status_code == 410
    with time_machine.travel(DAY + timedelta(minutes=31), tick=True):
        assert (
            colleague("10.0.0.3").sign_in("agent").send(path, "/me", state=state, keys="1").status_code == 410
        )


@pytest.mark.parametrize("step", ["99", "0"])
def test_a_step_that_there_is_not(gateway, colleague, step):
    phone = english(gateway, "+923001234501")
    answer = colleague().sign_in("agent").send(f"/sessions/{phone.session}/walk", "/me", step=step)
    assert "do not come to this step" in answer.text


def test_a_form_that_no_page_of_ours_makes(gateway, colleague):
    phone = english(gateway, "+923001234501")
    answer = colleague().sign_in("agent").send(f"/sessions/{phone.session}/walk", "/me", step="x")
    assert answer.status_code == 400


def test_a_trial_database_keeps_nothing(database):
    sid = session_id()
    assert Journal(database.trial(), link=None).write([turn(sid)], PHONE)
    assert Journal(database, link=None).turns(sid) == ()
