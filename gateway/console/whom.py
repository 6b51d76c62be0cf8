"""Whom a page acts on, by its address: named on top of every form and confirming page, so that nobody acts on the caller before."""

from dataclasses import dataclass

from flask import request, url_for

from gateway.console.access import services
from gateway.core.port import Kin
from gateway.privacy import mask_phone

_HER_OWN = {"console.caller", "console.phone"}


@dataclass(frozen=True, slots=True)
class Whom:
    """kin, or the masked phone of somebody unknown; page: where an act on her leads back to."""

    page: str
    kin: Kin | None
    phone: str


def whom() -> Whom | None:
    """None for a page that is about nobody, and for her own, which says it at length."""
    of = request.view_args or {}
    if request.endpoint in _HER_OWN:
        return None
    if "person" in of:
        kin = next(iter(services().core.desk.masked([of["person"]])), None)
        return Whom(url_for("console.caller", person=of["person"]), kin, "")
    if "phone_key" in of:
        try:
            phone = services().core.casework.phone(of["phone_key"])
        except LookupError:
            return None
        return Whom(url_for("console.phone", phone_key=of["phone_key"]), None, mask_phone(phone))
    return None
