"""Which pages of the real menus are answers: what was asked for is told, nothing is asked, nothing more is behind."""

import pytest

from gateway.conversation.screens import Ask, List, passes_through
from gateway.conversation.session import Page

PLAIN = "Text\n0 Back 00 Home"


@pytest.mark.parametrize(
    ("screen", "answers"),
    [
        ("payments.ready", True),  # a text to read
        ("schools.ready", True),  # what the core found, and what may be done about it
        ("eligibility.above", True),
        ("wallet.wallet", True),
        ("safety.cash", True),
        ("common.home", False),  # a menu
        ("payments.home", False),
        ("cases.which", False),  # found by a verb, but it asks
        ("track.withdraw", False),
        ("portal.list", True),  # its rows tell what was asked for
        ("hospitals.services", False),  # asks to pick
        ("check.limited", False),  # a text to read, but no answer
        ("common.trouble", False),
        ("common.too_many", False),
        ("common.busy", False),
        ("common.by_sms", False),  # the answer comes later
        ("common.not_ours", False),
        ("gate.locked", False),  # a gate is on the way to an answer
        ("gate.deceased", True),  # says itself that it is all there is to tell
        ("nowhere.home", False),
    ],
)
def test_an_answer_tells_and_asks_nothing(book, screen, answers):
    assert book.answers(Page(PLAIN, end=False, screen=screen)) is answers


def test_a_page_with_more_behind_it_is_not_the_whole_answer(book):
    for code, words in (("en", "98 More 0 Back"), ("ur", "98 آگے 0 واپس")):
        assert words in book.layouts[code]["payments.ready"].nav.more
        assert not book.answers(Page(f"Rs 13,500\n{words}", end=False, screen="payments.ready"))


def test_no_question_no_list_and_nothing_that_shows_nothing_answers(book):
    for name in book.flow.answering:
        screen = book.screens[name]
        assert not isinstance(screen, Ask)
        assert not isinstance(screen, List) or screen.answers  # a list asks to pick, unless it says otherwise
        assert not passes_through(screen)
