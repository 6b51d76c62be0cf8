"""A QR code as part of the page: no file, no other address."""

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import segno
from markupsafe import Markup


def drawn(text: str, title: str) -> Markup:
    """An SVG, dark on light whatever the page's colours are: cameras want that."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, dark="#000", light="#fff", title=title,
        svgclass="qr", lineclass=None, nl=False,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - made here; the library escapes the title


def secret_of(address: str) -> str:
    """The secret of an `otpauth://` address in groups of four, for who types it."""
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
