"""The frame in a real browser: by keyboard alone, in both directions, without script."""

import pytest
from playwright.sync_api import expect

from tests.console.accessible import CONTRAST, FAULTS


@pytest.fixture
def tab(tabs, gateway, served):
    """An open sign-in page."""
    with served(gateway) as url:
        page = tabs(url)
        page.goto("/console/")
        yield page


def sign_in(page, name):
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type("demo-only-8171")
    page.keyboard.press("Enter")
    expect(page.locator(".account")).to_be_visible()
    page.wait_for_load_state()


def signed_in(page, name):
    """The page, where somebody is signed in, with or without script."""
    page.goto("/console/sign-in")
    expect(page.locator("[name=name]")).to_be_focused()  # else the browser remarks that it could not do so
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill("demo-only-8171")
    page.keyboard.press("Enter")
    expect(page.locator(".account")).to_be_visible()
    return page


def test_by_keyboard_alone(tab):
    expect(tab.get_by_label("Name")).to_be_focused()
    sign_in(tab, "auditor")
    tab.keyboard.press("Escape")  # out of the box that finds a caller
    tab.keyboard.press("g")
    tab.keyboard.press("a")
    expect(tab.get_by_role("heading", name="Audit")).to_be_visible()
    expect(tab.get_by_role("link", name="Audit")).to_have_attribute("aria-current", "page")
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog")).to_be_visible()
    expect(tab.get_by_role("dialog")).to_contain_text("My account")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_be_hidden()
    tab.get_by_label("Act").focus()
    tab.keyboard.type("g signed_in")
    expect(tab.get_by_label("Act")).to_have_value("g signed_in")
    tab.keyboard.press("Escape")
    tab.keyboard.press("g")
    tab.keyboard.press("i")
    expect(tab.get_by_role("heading", name="My account")).to_be_visible()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="To the page")).to_be_focused()
    tab.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(tab.get_by_label("Password")).to_be_visible()


def test_right_to_left(tab):
    tab.get_by_role("link", name="اردو").click()
    tab.get_by_label("نام").focus()
    sign_in(tab, "admin")
    brand, account = (tab.locator(place).bounding_box() for place in (".brand", ".account"))
    assert brand["x"] > account["x"]
    for path in ("/console/staff", "/console/me", "/console/second-factor/set-up"):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("name", ["admin", "auditor"])
def test_on_a_phone_nothing_runs_out_of_the_page(tab, name):
    sign_in(tab, name)
    tab.set_viewport_size({"width": 360, "height": 740})
    for path in ("/console/", "/console/me", "/console/staff" if name == "admin" else "/console/audit"):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_labels(tab, scheme):
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert tab.evaluate(CONTRAST) == []
    sign_in(tab, "admin")
    for path in (
        "/console/",
        "/console/me",
        "/console/staff",
        "/console/staff/1",
        "/console/second-factor/set-up",
    ):
        tab.goto(path)
        assert tab.evaluate(CONTRAST) == [], path
        assert tab.evaluate(FAULTS) == [], path


def test_without_script(browser, gateway, served):
    with served(gateway) as url:
        context = browser.new_context(java_script_enabled=False, base_url=url)
        page = context.new_page()
        page.goto("/console/me")
        page.get_by_label("Name").fill("agent")
        page.get_by_label("Password").fill("demo-only-8171")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My account")).to_be_visible()
        page.get_by_label("Language").select_option("ur")
        page.get_by_role("button", name="Change").first.click()
        expect(page.get_by_role("heading", name="میرا اکاؤنٹ")).to_be_visible()
        context.close()
