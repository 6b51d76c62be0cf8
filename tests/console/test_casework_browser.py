"""Queues and cases in a real browser: through the day's cases by keyboard, on one line of tabs, and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.console.accessible import CONTRAST, FAULTS
from tests.console.test_browser import sign_in, tab

__all__ = ["tab"]

PHONE = "+923001234501"
# As on a day with much to do: every tab has a number of three digits. How many lines they take.
TAB_LINES = """
() => {
  document.querySelectorAll(".count").forEach((count) => { count.textContent = "888"; count.classList.remove("none"); });
  return new Set([...document.querySelectorAll(".tabs a")].map((each) => each.offsetTop)).size;
}
"""


@pytest.fixture
def cases(gateway):
    """References of cases in the order of their queue."""
    opened = [
        gateway.services.core.cases.open(category, PHONE, category, channel="sms").case
        for category in ("scam", "loan", "other")
    ]
    return [case.reference for case in opened]


def press(page, *keys):
    page.wait_for_load_state()  # the pages listen to keys once they have loaded
    for key in keys:
        page.keyboard.press(key)


def test_from_case_to_case_by_keyboard(tab, cases):
    sign_in(tab, "agent")
    tab.goto("/console/queues/open")
    press(tab, "j", "j", "Enter")
    tab.wait_for_url(f"**/cases/{cases[1]}?queue=open")
    press(tab, "a")
    expect(tab.get_by_label("Answer")).to_be_focused()
    expect(tab.get_by_label("Day, where the text names one")).to_be_hidden()
    tab.get_by_label("Answer").select_option("resolved")
    tab.get_by_label("And send her").select_option("Bring papers to the office")
    expect(tab.get_by_label("Day, where the text names one")).to_be_visible()
    tab.get_by_label("Note").fill("The shop paid the rest.")
    tab.get_by_role("button", name="Go on").click()
    expect(tab.locator(".sms")).to_have_count(2)
    tab.get_by_role("button", name="No, go back").click()
    expect(tab.get_by_label("Note")).to_have_value("The shop paid the rest.")
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("button", name="Yes, do it")).to_be_focused()
    press(tab, "Enter")
    expect(tab.get_by_text("Done. She is told by SMS.")).to_be_visible()
    expect(tab.get_by_role("link", name="Next: Something else")).to_be_focused()
    press(tab, "Enter")
    tab.wait_for_url(f"**/cases/{cases[2]}?queue=open")
    press(tab, "u")
    tab.wait_for_url(f"**/queues/open#case-{cases[2]}")
    expect(tab.locator(f"#case-{cases[2]}")).to_be_focused()
    press(tab, "k", "Enter")
    tab.wait_for_url(f"**/cases/{cases[0]}?queue=open")
    press(tab, "n")
    tab.wait_for_url(f"**/cases/{cases[2]}?queue=open")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_tabs_stand_on_one_line_and_nothing_runs_out_of_a_phone(tab, cases, language):
    sign_in(tab, "supervisor")
    tab.goto("/console/me")
    tab.locator("#language").select_option(language)
    with tab.expect_navigation():
        tab.locator("form[action$=language] button").click()
    tab.goto("/console/queues/open")
    assert tab.evaluate(TAB_LINES) == 1
    assert tab.evaluate(
        "document.querySelector('.table').scrollWidth <= document.querySelector('.table').clientWidth"
    )
    assert tab.evaluate(CONTRAST) == []
    assert tab.evaluate(FAULTS) == []
    tab.set_viewport_size({"width": 360, "height": 740})
    for path in ("queues/open", "queues/call_backs", f"cases/{cases[0]}?queue=open"):
        tab.goto(f"/console/{path}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
