"""The ten-second path in a real browser: sign in once, `/`, a CNIC, Enter, and the caller is there."""

import re

import pytest
from playwright.sync_api import expect

from tests.console.accessible import CONTRAST, FAULTS
from tests.console.test_browser import sign_in, tab

__all__ = ["tab"]


def find(page, text):
    page.keyboard.press("/")
    expect(page.get_by_label("Find a caller")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_from_hello_to_her_page_by_keyboard(tab):
    sign_in(tab, "agent")
    find(tab, "35202-1234501-2")
    expect(tab.get_by_role("heading", name="S... B...")).to_be_visible()
    assert re.search(r"/console/persons/\d+$", tab.url)
    assert "Rs 13,500" in tab.locator(".now").inner_text()
    tab.wait_for_load_state()  # her page listens to keys once it has loaded
    tab.keyboard.press("4")
    expect(tab.locator("#messages")).to_be_focused()
    assert tab.url.endswith("#messages")
    tab.keyboard.press("Escape")
    find(tab, "0300 1234515")  # from any page, without going back to the first one
    expect(tab.get_by_role("link", name="*****-****515-6")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("shared phone: ask who is speaking")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_her_page_is_legible_and_fits(tab, scheme):
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    sign_in(tab, "agent")
    find(tab, "35202-1234502-4")
    expect(tab.locator("#money")).to_be_visible()
    tab.get_by_text("Show a hidden field").click()
    assert tab.evaluate(CONTRAST) == []
    assert tab.evaluate(FAULTS) == []
    tab.set_viewport_size({"width": 390, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
