"""A real browser: Debian's chromium through Playwright."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # in a container it is small
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Its remark where somebody typed into a page before it put the cursor where it should begin.
QUICKER = "Autofocus processing was blocked"


def open_browser(playwright) -> Browser:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = open_browser(playwright)
        yield opened
        opened.close()


@pytest.fixture
def tabs(browser) -> Iterator[Callable[..., Page]]:
    """A function: a page at an address, in a context of its own. The test fails if the browser had anything to complain about."""
    complaints: list[str] = []
    contexts = []

    def tabs(url: str, **more) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, base_url=url, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield tabs
    for context in contexts:
        context.close()
    assert [text for text in complaints if not text.startswith(QUICKER)] == []
