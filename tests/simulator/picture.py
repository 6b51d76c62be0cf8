"""Make the README's picture of the simulator: `python -m tests.simulator.picture docs/simulator.png [--keys 1*2]`.

The demo must be running (`make run`). The caller texts her CNIC, dials, and sends the keys one by one.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.parts.browser import open_browser


def take_picture(page: Page, url: str, keys: list[str], out: Path, caller: str = "ready") -> None:
    """Walk one call on the page and keep what it looks like at 1280 x 720."""
    page.goto(f"{url}/simulator?caller={caller}")
    got = page.locator("#thread .incoming")
    before = got.count()
    page.locator("#body").focus()
    page.get_by_role("button", name="Type CNIC").click()
    page.get_by_role("button", name="Send SMS").click()
    expect(got.nth(before)).to_be_visible(timeout=30_000)
    expect(got.last).to_contain_text("reported Success", timeout=30_000)
    page.locator("#dial").click()
    hop(page, 1)
    for number, one in enumerate(keys, 2):
        page.locator("#keys").fill(one)
        page.locator("#send").click()
        hop(page, number)
    page.locator("#keys").evaluate("field => field.blur()")
    page.mouse.move(0, 0)
    out.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=out)


def hop(page: Page, number: int) -> None:
    expect(page.locator("#hop")).to_have_text(str(number), timeout=15_000)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--url", default="http://127.0.0.1:8171")
    options.add_argument("--caller", default="ready")
    options.add_argument("--keys", default="", help="inputs after the dial, joined by *")
    chosen = options.parse_args()
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        take_picture(
            page, chosen.url, [key for key in chosen.keys.split("*") if key], chosen.out, chosen.caller
        )
        browser.close()


if __name__ == "__main__":
    main()
