"""What `gateway doctor` looks at: each part by itself, one finding each, whatever state the others are in."""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from gateway import clock, compose, migrations
from gateway.db import Database
from gateway.errors import GatewayError, MenuError
from gateway.messages.queue import open_client
from gateway.settings import Settings
from gateway.valkey import binary

_LEAST_FREE = 1 << 30  # bytes
_MOST_SKEW = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """well: nothing needs doing. `said` is one line for a person."""

    part: str
    well: bool
    said: str


class Unwell(Exception):
    """The part needs a person; the text says what for."""


def examine(settings: Settings) -> Iterator[Finding]:
    """One finding a part, in the order in which a start needs them."""
    for part, look in _PARTS.items():
        try:
            yield Finding(part, well=True, said=look(settings))
        except Unwell as error:
            yield Finding(part, well=False, said=str(error))
        except GatewayError as error:
            yield Finding(part, well=False, said=str(error).splitlines()[0])
        except Exception as error:  # noqa: BLE001 - the error's own text may quote a secret of the URL
            yield Finding(part, well=False, said=type(error).__name__)


def _settings(settings: Settings) -> str:
    return f"{settings.env}, {len(settings.keys)} secret key(s)"


def _folders(settings: Settings) -> str:
    missing = [str(folder) for folder in (settings.menus, settings.config) if not folder.is_dir()]
    if missing:
        raise Unwell(f"missing: {', '.join(missing)}")
    if not (settings.redis_url == "embedded" or settings.sql_url.startswith("sqlite")):
        return "menus and config are there; nothing is stored here"
    folder = settings.data_dir
    above = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not os.access(above, os.W_OK):
        raise Unwell(f"{folder} cannot be written")
    free = shutil.disk_usage(above).free
    if free < _LEAST_FREE:
        raise Unwell(f"{folder}: only {free >> 20} MiB are free")
    return f"{folder}, {free >> 30} GiB free"


def _menus(settings: Settings) -> str:
    try:
        book = compose.open_book(settings)
    except MenuError as error:
        raise Unwell(
            f"{len(error.faults)} fault(s), `gateway menus check` lists them; first: {error.faults[0]}"
        ) from None
    return f"{len(book.screens)} screens, version {book.version}"


def _languages(settings: Settings) -> str:
    book = compose.open_book(settings)
    return f"offered: {', '.join(book.languages)}; default {book.default_language}"


def _database(settings: Settings) -> str:
    database = Database(settings.sql_url)
    try:
        if (
            database.dialect == "sqlite"
            and not (settings.data_dir / "gateway.db").exists()
            and not settings.database_url
        ):
            return "SQLite, not made yet; `gateway run` or `gateway db upgrade` makes it"
        lacking = migrations.behind(database)
    finally:
        database.close()
    if lacking:
        raise Unwell(f"{len(lacking)} migration(s) behind: run `gateway db upgrade`")
    return f"{database.dialect}, schema {migrations.newest()}"


def _redis(settings: Settings) -> str:
    if settings.redis_url == "embedded" and not settings.valkey_socket.exists():
        return f"embedded, not running; `gateway run` starts {binary().name}"
    client = open_client(settings.store_url)
    try:
        client.ping()
    finally:
        client.close()
    return "answers" + (" (embedded)" if settings.redis_url == "embedded" else "")


def _aggregator(settings: Settings) -> str:
    url = settings.aggregator_url or "https://api.africastalking.com"
    if _is_ours(settings, url):
        return "the simulator, part of the web process"
    _ask(url)
    return f"{url} answers"


def _clock(settings: Settings) -> str:
    if clock.today().year < 2026:
        raise Unwell(f"the clock stands at {clock.now():%Y-%m-%d}")
    url = settings.aggregator_url or "https://api.africastalking.com"
    if _is_ours(settings, url):
        return f"{clock.now():%Y-%m-%d %H:%M} UTC"
    theirs = _ask(url)
    if not theirs:
        return f"{clock.now():%Y-%m-%d %H:%M} UTC"
    skew = abs(parsedate_to_datetime(theirs).timestamp() - clock.epoch())
    if skew > _MOST_SKEW:
        raise Unwell(f"{skew:.0f} s away from the aggregator's")
    return f"{clock.now():%Y-%m-%d %H:%M} UTC, as the aggregator's"


def _is_ours(settings: Settings, url: str) -> bool:
    return settings.env == "demo" and not settings.africastalking_url and url == settings.aggregator_url


def _ask(url: str) -> str:
    """The Date header of any answer at all. Raises Unwell where none comes."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of the settings
            return str(answer.headers.get("Date") or "")
    except urllib.error.HTTPError as error:
        return str(error.headers.get("Date") or "")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Unwell(f"{url} does not answer: {reason}") from None


_PARTS: dict[str, Callable[[Settings], str]] = {
    "settings": _settings,
    "folders": _folders,
    "menus": _menus,
    "languages": _languages,
    "database": _database,
    "redis": _redis,
    "aggregator": _aggregator,
    "clock": _clock,
}
