"""Before an act: a page that shows what it does and every message that goes out with it, to be confirmed once.

The page carries a key; the act takes it, so that a double click, a reload or a way back is one act.
"""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import abort, render_template, request

from gateway.console.access import member, services
from gateway.messages.words import spoken
from gateway.privacy import mask_phone

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Told:
    """A message that an act sends: to whom, in which language, its words."""

    phone: str
    language: str
    body: str

    @property
    def masked(self) -> str:
        return mask_phone(self.phone)


def confirmed() -> bool:
    """Whether the form that came in is the one of the confirming page."""
    return "sure" in request.form and not taken_back()


def taken_back() -> bool:
    """Whether it came back unconfirmed, to be changed."""
    return "again" in request.form


def key() -> str:
    """What makes this act one: of this member and this form. 400 for a form that is not ours."""
    given = request.form.get("key", "")
    if not _KEY.fullmatch(given):
        abort(400)
    return f"{member().mark}:{given}"


def ask(  # noqa: PLR0913, PLR0917 - what the page says
    title: str,
    button: str,
    back: str,
    told: Sequence[Told] = (),
    facts: Sequence[tuple[str, str]] = (),
    warning: str = "",
    *,
    kept: bool = False,
    without: Collection[str] = (),
    more: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The page. facts: label and text of what will be stored; back: where `no` leads.

    kept: `no` brings the form back (`taken_back`), so that nothing that was typed is lost.
    without, more: fields of the form that the page must not carry, and what it carries besides
    """
    return render_template(
        "console_confirm.html",
        title=title,
        button=button,
        back=None if kept else back,
        told=told,
        facts=[(label, text) for label, text in facts if text],
        warning=warning,
        names={code: each.name for code, each in services().book.languages.items()},
        fields=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in {"csrf_token", "key", *without, *more}
        ]
        + list(more.items()),
        key=secrets.token_hex(16),
    )


def telling(phone: str, template: str, **values: str) -> Told:
    """A message of menus/sms.yaml as a phone would get it."""
    book = services().book
    chosen = spoken(book, services().core.registry.contact(phone).language)
    return Told(phone, chosen, book.message(template, chosen, values))
