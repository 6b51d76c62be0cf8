"""One call to the helpline on the whole gateway as `gateway run` starts it: she dials on the simulator's phone, the agent finds
her, sees her very screens, opens a case and sends an SMS once more, all by keyboard.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.parts.running import Running
from tests.transcripts.script import cast

# On one worker of a parallel run: a whole gateway is started.
pytestmark = pytest.mark.xdist_group("whole")

READY = cast()["ready"]
WAIT = 30_000  # milliseconds that the worker may take to send


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("call")).ready()
    yield started
    started.end()


def text_of(place) -> str:
    return place.evaluate("one => one.textContent")


def lines_of(place) -> str:
    """What the simulator shows of a page or a message: a paragraph a line."""
    return place.evaluate(
        "one => [...one.querySelectorAll('.line')].map((line) => line.textContent).join('\\n')"
    )


def dial(phone: Page, *keys: str) -> list[str]:
    """What the simulator's phone shows at the dial and after each key."""
    phone.goto("/simulator?caller=ready")
    phone.locator("#dial").click()
    screens = []
    for number, key in enumerate(("", *keys), 1):
        if key:
            phone.locator("#keys").fill(key)
            phone.locator("#send").click()
        expect(phone.locator("#hop")).to_have_text(str(number))
        screens.append(lines_of(phone.locator("#screen")))
    return screens


def texts(phone: Page) -> int:
    phone.goto("/simulator?caller=ready")
    phone.wait_for_load_state()
    return phone.locator("#thread .incoming").count()


def test_from_hello_to_the_case_and_the_sms_once_more(tabs, running):
    phone, desk = (tabs(f"http://127.0.0.1:{running.port}") for _ in range(2))
    screens = dial(phone, "1", "1", "1", "4821", "0")

    desk.goto("/console/")
    desk.keyboard.type("agent")
    desk.keyboard.press("Tab")
    desk.keyboard.type("demo-only-8171")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Find a caller")).to_be_focused()

    # "My number is three five two zero two ..."
    desk.keyboard.type("35202 1234501 2")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("S... B...")
    desk.wait_for_load_state()
    # "I dialled just now, and on the second screen ..."
    desk.keyboard.press("s")
    expect(desk.locator("article.current .screen")).to_be_visible()
    desk.keyboard.press("Home")  # she is still in the call, so it opened at what she reads now
    seen = [text_of(desk.locator("article.current .screen"))]
    for _ in screens[1:]:
        desk.keyboard.press("ArrowRight")
        seen.append(text_of(desk.locator("article.current .screen")))
    assert [one.encode() for one in seen] == [one.encode() for one in screens]
    desk.keyboard.press("2")
    expect(desk.locator("#place")).to_have_text(f"2 / {len(screens)}")

    # "The shop kept five hundred." What she will be told is shown, then it is done.
    desk.keyboard.press("c")
    expect(desk.get_by_label("Category")).to_be_focused()
    desk.keyboard.type("Paid less")
    desk.keyboard.press("Tab")  # about which payment: none is named
    desk.keyboard.press("Tab")
    desk.keyboard.type("The shop kept Rs 500.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Open it")).to_be_focused()
    told = text_of(desk.locator("blockquote").first)
    assert "8171" in told
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Paid less than the amount")
    reference = re.search(r"/cases/(\d{8})$", desk.url)[1]
    expect(phone.locator("#thread")).to_contain_text(reference, timeout=WAIT)

    # "And I lost the SMS about the money."
    before = texts(phone)
    desk.keyboard.press("h")
    expect(desk.locator("#requests")).to_contain_text(reference)
    alert = desk.locator("#messages li", has_text="Rs 13,500").first
    said = text_of(alert.locator(".said"))
    alert.get_by_role("button", name="Send once more").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("blockquote")).to_have_text(said)
    expect(desk.get_by_role("button", name="Send it")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").first).to_contain_text("on its way")
    expect(phone.locator("#thread .incoming")).to_have_count(before + 1, timeout=WAIT)
    assert lines_of(phone.locator("#thread .incoming").last) == said
