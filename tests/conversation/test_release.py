"""A new release of the menus in the middle of a session."""

import pytest

from gateway.conversation.engine import Engine
from tests.conversation.conftest import Caller, open_book


@pytest.fixture
def released(folder):
    """Puts a changed book under a caller: `released(caller, (old, new), ...)`, each changed wherever it stands."""

    def release(caller: Caller, *changes: tuple[str, str]) -> None:
        for path in (folder / "menus").glob("*.yaml"):
            text = path.read_text()
            for old, new in changes:
                text = text.replace(old, new)
            path.write_text(text)
        caller.engine = Engine(open_book(folder))
        assert caller.engine.book.version != caller.session.menu_version

    return release


def test_a_page_that_stands_unchanged_takes_her_key(caller, released):
    caller.dial().send("1")
    released(caller, ("Extra", "More things"))
    assert caller.send("2").at == "gate.pin"
    assert caller.session.menu_version == caller.engine.book.version


def test_a_page_that_changed_is_shown_anew(caller, released):
    caller.dial().send("1")
    released(caller, ("    latest: {label: This quarter", "    newest: {label: This quarter now"))
    assert caller.send("2").page.startswith("The menu has changed.\nMy money\n1 This quarter now")
    assert caller.send("1").at == "gate.pin"


def test_a_page_that_is_gone_leads_home_with_a_word(caller, released):
    caller.dial().send("3")
    released(caller, ("extra.long", "extra.longer"))
    assert caller.send("98").page.startswith("The menu has changed.\nSmall book")
    assert caller.at == "common.home"


def test_a_page_below_that_is_gone_is_passed_over(caller, released):
    caller.dial().send("1", "1", "4821")
    released(caller, ("money.home", "money.start"))
    assert caller.send("0").at == "common.home"


def test_a_page_that_now_says_what_was_never_fetched_leads_home(caller, released):
    caller.dial().send("2", "Lahore", "0", "00", "1", "1", "4821")
    caller.session.frame.values.pop("place")  # as an older release would have left it
    released(caller, ("Extra", "Extras"))
    assert caller.send("2").page.startswith("The menu has changed.\nSmall book")


def test_a_resume_into_a_screen_that_is_gone_says_so(caller):
    assert caller.dial(resume="money.gone").page.startswith("The menu has changed.\nSmall book")


def test_a_language_that_is_gone_falls_back(caller, released, folder):
    caller.dial().send("1")
    path = folder / "config" / "languages.yaml"
    path.write_text(path.read_text().replace("  ur: {name: Urdu", "  sd: {name: Sindhi"))
    released(caller, ("Extra", "Extras"))
    caller.session.language = "ur"
    assert caller.send("1").session.language == "ur_Latn"
