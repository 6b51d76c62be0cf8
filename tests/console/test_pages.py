"""Every page in a real browser on a full morning: legible, labelled, within its window, in both languages; and its picture.

`pytest tests/console/test_pages.py --record` keeps the pictures in docs/; look at them before you commit them.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.accessible import CONTRAST, FAULTS
from tests.console.day import Morning, morning
from tests.console.test_browser import signed_in

DOCS = Path(__file__).resolve().parents[2] / "docs" / "console"
# Name of the picture -> who looks, the path.
PAGES = {
    "first": ("agent", "/console/"),
    "caller": ("agent", "/console/persons/{person}"),
    "replay": ("agent", "/console/sessions/{session}#step-4"),
    "replay-now": ("agent", "/console/sessions/{session}?now=data"),
    "sessions": ("agent", "/console/sessions"),
    "queue": ("agent", "/console/queues"),
    "case": ("agent", "/console/cases/{case}"),
    "open-case": ("agent", "/console/persons/{person}/case"),
    "text": ("agent", "/console/persons/{person}/text"),
    "call-back": ("agent", "/console/persons/{person}/call-back"),
    "phones": ("agent", "/console/persons/{person}/phones"),
    "pay-point": ("agent", "/console/persons/{person}/pay-point"),
    "call-backs": ("female", "/console/queues/call_backs"),
    "pay-points": ("supervisor", "/console/queues/pay_points"),
    "reveals": ("supervisor", "/console/reveals"),
    "application": ("officer", "/console/requests/application/{application}"),
    "watch": ("supervisor", "/console/watch"),
    "menus": ("supervisor", "/console/menus"),
    "audit": ("auditor", "/console/audit"),
    "staff": ("admin", "/console/staff"),
    "tokens": ("admin", "/console/tokens"),
    "account": ("agent", "/console/me"),
}
# Those that the docs show, and how high.
PICTURES = {
    "first": 720,
    "caller": 720,
    "replay": 720,
    "queue": 720,
    "case": 720,
    "watch": 1000,
    "menus": 900,
    "audit": 720,
}
# What has to be pushed sideways to be read, but for the drawing of the menus.
HIDDEN_ASIDE = """
() => [...document.querySelectorAll("body *:not(.drawing)")]
  .filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 90))
"""
WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def today(shared_gateway) -> Morning:
    return morning(shared_gateway)


@pytest.fixture
def sit(tabs, shared_gateway, served):
    """A function: a page where somebody is signed in."""
    with served(shared_gateway) as url:
        yield lambda name: signed_in(tabs(url, reduced_motion="reduce"), name)


def speak(page, language):
    page.goto("/console/me")
    page.locator("select[name=language]").select_option(language)
    page.locator("form[action$='/me/language'] button").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def open_page(page, today, path):
    page.goto(path.format(**today._asdict()))
    page.wait_for_load_state()


ROLES = sorted({name for name, _ in PAGES.values()})


@pytest.mark.parametrize("name", ROLES)
def test_legible_labelled_and_within_the_window(sit, today, name):
    tab = sit(name)
    paths = [path for who, path in PAGES.values() if who == name]
    for language in ("en", "ur"):
        speak(tab, language)
        for path in paths:
            open_page(tab, today, path)
            assert tab.evaluate(FAULTS) == [], path
            for scheme in ("light", "dark"):
                tab.emulate_media(color_scheme=scheme)
                assert tab.evaluate(CONTRAST) == [], (path, scheme, language)
            for window in (NARROW, WIDE):
                tab.set_viewport_size(window)
                assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                    path,
                    window,
                    language,
                )
            assert tab.evaluate(HIDDEN_ASIDE) == [], (path, language)
    speak(tab, "en")


@pytest.mark.parametrize("picture", PICTURES)
def test_the_docs_show_the_page(sit, today, record, picture):
    name, path = PAGES[picture]
    tab = sit(name)
    tab.set_viewport_size({"width": 1280, "height": PICTURES[picture]})
    open_page(tab, today, path)
    tab.mouse.move(0, 0)
    taken = tab.screenshot()
    kept = DOCS / f"{picture}.png"
    if record:
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(taken)
    assert kept.read_bytes()[16:24] == taken[16:24], (
        "the picture in the docs has other measures; --record keeps a new one"
    )
    assert kept.name in (DOCS.parent / "console.md").read_text("utf-8")
