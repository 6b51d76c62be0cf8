"""The replay in a real browser: to the letter, by keyboard alone, growing while it is watched, without script as a list."""

import pytest
from playwright.sync_api import expect

from tests.console.test_browser import signed_in

CALLER = "+923001234501"


@pytest.fixture
def console(tabs, gateway, served):
    """A function: a page where somebody is signed in."""
    with served(gateway) as url:
        yield lambda name="agent", **more: signed_in(tabs(url, **more), name)


def dialled(gateway, *keys):
    phone = gateway.phone(CALLER)
    screens = [phone.dial()]
    screens += [phone.send(key) for key in keys]
    return phone, screens


def shown(page):
    return page.locator("article.current .screen").evaluate("one => one.textContent")


def test_step_by_step_by_keyboard_alone_to_the_letter(gateway, console):
    phone, screens = dialled(gateway, "1", "1", "1", "4821", "0")
    phone.hang_up()
    tab = console()
    tab.goto(f"/console/sessions/{phone.session}")
    seen = [shown(tab)]
    for _ in screens[1:]:
        tab.keyboard.press("ArrowRight")
        seen.append(shown(tab))
    assert seen == screens
    for key, number in (("ArrowRight", 6), ("Home", 1), ("End", 6), ("3", 3), ("ArrowLeft", 2), ("9", 6)):
        tab.keyboard.press(key)
        expect(tab.locator("#place")).to_have_text(f"{number} / 6")
        assert shown(tab) == screens[number - 1]
    expect(tab.locator(".film [aria-current]")).to_have_attribute("data-step", "6")
    tab.keyboard.press("Home")
    tab.keyboard.press("Space")
    expect(tab.get_by_role("button", name="Stop")).to_be_visible()
    expect(tab.locator("#place")).to_have_text("6 / 6", timeout=10_000)
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    tab.locator("#scrub").focus()
    tab.keyboard.press("ArrowLeft")
    expect(tab.locator("#place")).to_have_text("5 / 6")


def test_it_grows_within_two_seconds_of_the_hop(gateway, console):
    phone, _ = dialled(gateway)
    tab = console()
    tab.goto("/console/sessions?state=live")
    other, _ = dialled(gateway)
    expect(tab.locator(f'a[href$="{other.session}"]')).to_be_visible(timeout=2000)
    tab.goto(f"/console/sessions/{phone.session}")
    expect(tab.locator("article.current .press")).to_contain_text("She is reading this now")
    for keys in ("1", "1"):
        screen = phone.send(keys)
        expect(tab.locator("article.current .screen")).to_have_text(screen, timeout=2000)
        expect(
            tab.get_by_role("button", name="Play")
        ).to_be_visible()  # what was written anew left the player
    phone.hang_up()
    expect(tab.locator(".summary")).to_contain_text("she hung up", timeout=2000)


def test_without_script_all_screens_stand_below_each_other(gateway, console):
    phone, screens = dialled(gateway, "1", "1")
    tab = console(java_script_enabled=False)
    tab.goto(f"/console/sessions/{phone.session}")
    expect(tab.locator("article.step")).to_have_count(len(screens))
    expect(tab.locator("article.step").last).to_be_visible()
    expect(tab.locator("#transport")).to_be_hidden()
    tab.locator("article.step").last.get_by_role("button", name="Walk on from here").click()
    expect(tab.locator("#now")).to_have_text(screens[-1])
    tab.get_by_role("button", name="00", exact=True).click()
    expect(tab.locator("#now")).to_have_text(screens[1])


def test_on_a_phone_and_from_the_right_nothing_runs_out_of_the_page(gateway, console):
    phone, _ = dialled(gateway, "1", "1")
    phone.hang_up()
    tab = console()
    tab.goto("/console/me")
    tab.locator("select[name=language]").select_option("ur")
    tab.locator("form[action$='/me/language'] button").click()
    for width in (360, 1280):
        tab.set_viewport_size({"width": width, "height": 740})
        for path in ("/console/sessions", f"/console/sessions/{phone.session}"):
            tab.goto(path)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)
    tab.keyboard.press("ArrowLeft")
    expect(tab.locator("#place")).to_have_text("2 / 3")
