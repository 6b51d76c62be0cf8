from threading import Thread

import pytest
from transitions import MachineError

from gateway.conversation.session import Session


def session(screen):
    return Session("s", "k", "en", screen=screen)


def test_every_way_of_the_menus_is_an_edge(book):
    assert {edge.name for edge in book.edges} <= book.machine.events.keys()


def test_an_edge_moves_the_session_and_only_from_its_screen(book):
    caller = session("common.home")
    book.machine.events["common.home/money"].trigger(caller)
    assert caller.screen == "money.home"
    with pytest.raises(MachineError):
        book.machine.events["common.home/money"].trigger(caller)


@pytest.mark.parametrize(
    ("edge", "dest"),
    [("home", "common.home"), ("gate:pin", "gate.pin"), ("back:money.home", "money.home"),
     ("close:common.busy", "common.busy"), ("pass:money.latest", "money.latest"), ("language", "language.choose")],
)  # fmt: skip
def test_some_edges_start_anywhere(book, edge, dest):
    for screen in ("start", *book.screens):
        caller = session(screen)
        book.machine.events[edge].trigger(caller)
        assert caller.screen == dest


def test_sessions_open_from_the_start_only(book):
    caller = session("start")
    book.machine.events["open:money.latest"].trigger(caller)
    assert caller.screen == "money.latest"
    with pytest.raises(MachineError):
        book.machine.events["open:money.latest"].trigger(caller)


def test_a_gate_is_no_way_back(book):
    assert "back:gate.pin" not in book.machine.events
    assert "pass:gate.pin" not in book.machine.events


def test_threads_share_one_machine(book):
    wrong = []

    def go():
        for _ in range(300):
            caller = session("common.home")
            for edge, dest in (("common.home/money", "money.home"), ("back:common.home", "common.home")):
                book.machine.events[edge].trigger(caller)
                if caller.screen != dest:
                    wrong.append(caller.screen)

    threads = [Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert book.machine.models == []
