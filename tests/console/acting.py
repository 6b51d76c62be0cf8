"""An act at the console: its form, the page that asks once more, and the confirmation."""

import re
from html import unescape


def act(her, path, **form):
    """Send a form, and confirm the page that it leads to; the confirming page and a function that confirms again."""
    page = her.send(path, seen_on="/me", **form)
    assert page.status_code == 200, page.status_code
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert re.fullmatch(r"[0-9a-f]{32}", hidden["key"])
    hidden.pop("csrf_token")

    def confirm():
        return her.send(path, seen_on="/me", **hidden)

    return page, confirm


def preview(page):
    """The messages that a confirming page shows, as she will get them."""
    return [unescape(each) for each in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page.text)]
