import threading
import time

import pytest
import structlog

from gateway.actions import perform
from gateway.actions.perform import Performer
from gateway.clock import deadline
from gateway.core.port import LinkedPerson
from gateway.errors import CoreUnreachable
from tests.actions.small_core import SmallRegistry, ask, small_core

HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)


class Moody(SmallRegistry):
    """A registry that hangs until let go, or breaks, as the test says."""

    def __init__(self):
        super().__init__((HER,))
        self.go = threading.Event()
        self.go.set()
        self.breaks = None
        self.calls = 0

    def persons_on(self, phone):
        self.calls += 1
        assert self.go.wait(10)
        if self.breaks:
            raise self.breaks
        return super().persons_on(phone)


@pytest.fixture
def registry():
    moody = Moody()
    yield moody
    moody.go.set()


@pytest.fixture
def performer_of(registry):
    made = []

    def make(threads=4):
        made.append(
            Performer(
                small_core(registry=registry),
                threads,
                languages={"en": "English"},
                pin_mark=lambda s, p: s + p,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def asked(seconds=5.0, **facts):
    return ask(person=None, deadline=deadline(seconds), **facts)


def test_a_verb_answers(performer_of):
    assert performer_of()("linked_persons", asked()).name == "one"


def test_a_verb_that_needs_no_core_runs_in_the_callers_thread_whatever_the_core_does(performer_of, registry):
    registry.go.clear()
    performer = performer_of(threads=1)
    assert performer("linked_persons", asked(0.05)).name == "unreachable"
    assert performer("offered_languages", asked()).name == "offered"


def test_a_core_that_hangs_costs_no_more_than_the_deadline(performer_of, registry):
    registry.go.clear()
    started = time.monotonic()
    assert performer_of()("linked_persons", asked(0.2)).name == "unreachable"
    assert 0.15 < time.monotonic() - started < 2


def test_a_core_that_says_it_is_away_is_unreachable(performer_of, registry):
    registry.breaks = CoreUnreachable()
    assert performer_of()("linked_persons", asked()).name == "unreachable"


def test_a_deadline_that_has_passed_asks_nobody(performer_of, registry):
    assert performer_of()("linked_persons", asked(0)).name == "unreachable"
    assert registry.calls == 0


def test_when_every_thread_hangs_the_next_caller_does_not_wait(performer_of, registry):
    registry.go.clear()
    performer = performer_of(threads=2)
    for _ in range(2):
        performer("linked_persons", asked(0.05))
    started = time.monotonic()
    assert performer("linked_persons", asked(5)).name == "unreachable"
    assert time.monotonic() - started < 1
    assert registry.calls == 2


def test_threads_that_come_back_serve_again(performer_of, registry):
    registry.go.clear()
    performer = performer_of(threads=1)
    performer("linked_persons", asked(0.05))
    registry.go.set()
    for _ in range(100):
        if performer("linked_persons", asked()).name == "one":
            break
        time.sleep(0.02)
    else:
        pytest.fail("the thread was never given back")


def test_after_failures_in_a_row_it_fails_at_once_then_tries_again(performer_of, registry, monkeypatch):
    monkeypatch.setattr(perform, "REST_SECONDS", 0.2)
    registry.breaks = CoreUnreachable()
    performer = performer_of()
    for _ in range(perform.FAILURES_IN_A_ROW):
        performer("linked_persons", asked())
    calls = registry.calls
    registry.breaks = None
    assert performer("linked_persons", asked()).name == "unreachable"
    assert registry.calls == calls
    time.sleep(0.3)
    assert performer("linked_persons", asked()).name == "one"
    assert performer("linked_persons", asked()).name == "one"


def test_a_fault_in_a_verb_is_raised_and_logged_without_its_text(performer_of, registry):
    registry.breaks = ValueError("3520212345012")
    with structlog.testing.capture_logs() as logs, pytest.raises(ValueError, match="3520212345012"):
        performer_of()("linked_persons", asked())
    assert logs == [
        {"event": "verb_failed", "verb": "linked_persons", "error": "ValueError", "log_level": "error"}
    ]


def test_what_was_asked_is_in_no_log_line(performer_of, registry):
    registry.breaks = CoreUnreachable("+923001234501")
    with structlog.testing.capture_logs() as logs:
        performer_of()("linked_persons", asked(answer="3520212345012"))
    assert logs == [
        {"event": "verb_unreachable", "verb": "linked_persons", "why": "core", "log_level": "warning"}
    ]
