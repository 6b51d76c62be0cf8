"""A masked field is shown to who asked, for a while, after somebody else has agreed."""

from datetime import timedelta

import pytest
import time_machine

from gateway.staff.reveals import RevealRefused
from gateway.staff.roles import Role
from tests.parts.gateway import DAY

REASON = "she does not know which phone is linked"


@pytest.fixture
def people(member):
    return {role: member(f"member-{role.replace('_', '-')}", role) for role in Role}


def test_a_second_person_grants_it_and_time_takes_it_back(staff, people):
    agent, supervisor = people[Role.AGENT], people[Role.SUPERVISOR]
    with time_machine.travel(DAY, tick=False) as clock:
        asked = staff.reveals.ask(agent, "person:12", "phone", REASON)
        assert (asked.state, staff.reveals.shown(agent, "person:12")) == ("asked", frozenset())
        assert [one.id for one in staff.reveals.waiting()] == [asked.id]
        granted = staff.reveals.decide(supervisor, asked.id, grant=True)
        assert granted.state == "granted"
        assert staff.reveals.shown(agent, "person:12") == {"phone"}
        assert staff.reveals.shown(agent, "person:13") == frozenset()
        assert staff.reveals.shown(supervisor, "person:12") == frozenset(), "to who asked, and to nobody else"
        assert staff.reveals.waiting() == []
        clock.shift(timedelta(minutes=15))
        assert staff.reveals.shown(agent, "person:12") == frozenset()


def test_without_that_setting_the_reason_is_enough(build, people):
    staff = build(second_person=False)
    staff.reveals.ask(people[Role.AGENT], "person:12", "cnic", REASON)
    assert staff.reveals.shown(people[Role.AGENT], "person:12") == {"cnic"}


def test_nobody_grants_her_own(staff, people):
    supervisor = people[Role.SUPERVISOR]
    asked = staff.reveals.ask(supervisor, "person:12", "phone", REASON)
    with pytest.raises(RevealRefused) as refused:
        staff.reveals.decide(supervisor, asked.id, grant=True)
    assert refused.value.why == "own"
    assert staff.reveals.shown(supervisor, "person:12") == frozenset()


@pytest.mark.parametrize("reason", ["", "because", " " * 30, "x" * 501])
def test_a_reason_is_words(staff, people, reason):
    with pytest.raises(RevealRefused) as refused:
        staff.reveals.ask(people[Role.AGENT], "person:12", "phone", reason)
    assert refused.value.why == "reason"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_who_may_not_ask(staff, people, role):
    with pytest.raises(RevealRefused) as refused:
        staff.reveals.ask(people[role], "person:12", "phone", REASON)
    assert refused.value.why == "permission"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_who_may_not_grant(staff, people, role):
    asked = staff.reveals.ask(people[Role.FEMALE_AGENT], "person:12", "phone", REASON)
    with pytest.raises(RevealRefused) as refused:
        staff.reveals.decide(people[role], asked.id, grant=True)
    assert refused.value.why == "permission"


def test_what_was_decided_or_is_too_old_is_over(staff, people):
    agent, supervisor = people[Role.AGENT], people[Role.SUPERVISOR]
    with time_machine.travel(DAY, tick=False) as clock:
        refused = staff.reveals.ask(agent, "person:12", "phone", REASON)
        staff.reveals.decide(supervisor, refused.id, grant=False)
        old = staff.reveals.ask(agent, "person:12", "phone", REASON)
        clock.shift(timedelta(hours=12))
        for number in (refused.id, old.id, 9999):
            with pytest.raises(RevealRefused) as over:
                staff.reveals.decide(supervisor, number, grant=True)
            assert over.value.why == "gone"
        assert staff.reveals.waiting() == []
    assert staff.reveals.shown(agent, "person:12") == frozenset()


def test_asking_and_deciding_are_in_the_audit(staff, people):
    asked = staff.reveals.ask(people[Role.AGENT], "person:12", "phone", REASON)
    staff.reveals.decide(people[Role.SUPERVISOR], asked.id, grant=True)
    decided, before = staff.audit.entries(limit=2)
    assert (before.act, before.actor, before.detail["reason"]) == (
        "reveal_asked",
        people[Role.AGENT].mark,
        REASON,
    )
    assert (decided.act, decided.actor) == ("reveal_granted", people[Role.SUPERVISOR].mark)
