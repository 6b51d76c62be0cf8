"""The whole gateway on real parts, in one process: real menus, the demo registry, a Flask client for the webhooks."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from pydantic import SecretStr
from redis import Redis
from werkzeug.test import Client

from gateway import compose, demo, migrations
from gateway.app import create_app
from gateway.conversation.book import Book
from gateway.services import Services
from gateway.settings import Settings
from tests.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
# Transcripts hold dates, so the demo is loaded on one day, and walked on it.
DAY = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
# As long as a hop may take at all: a machine that is busy with other things must not turn an answer into an apology.
SECONDS = 9.0


@dataclass
class Gateway:
    services: Services
    client: Client

    def phone(self, number: str) -> Phone:
        return Phone(self.client, number)

    def texts_to(self, number: str) -> list[str]:
        """Bodies of all messages to a phone so far, oldest first."""
        return [
            message.body for message in self.services.outbox.recent(limit=200) if message.phone == number
        ][::-1]

    def reply_to(self, phone: Phone, body: str) -> str:
        """Text 8171 and let the worker's part run; the reply's body, or nothing."""
        before = len(self.texts_to(phone.number))
        phone.text(body)
        self.services.inbox.answer_all(self.services)
        return "\n".join(self.texts_to(phone.number)[before:])


def pytest_addoption(parser):
    parser.addoption("--record", action="store_true", help="write golden transcripts as they come out now")


@pytest.fixture
def record(request) -> bool:
    return request.config.getoption("--record")


def chosen(data: Path, store_url: str, **more) -> Settings:
    return Settings(
        data_dir=data, redis_url=store_url, menus=ROOT / "menus", config=ROOT / "config",
        **{"hop_seconds": SECONDS, "hook_token": SecretStr("demo"), **more},
    )  # fmt: skip


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The real menus, read and checked once."""
    return compose.open_book(chosen(tmp_path_factory.mktemp("menus"), "embedded"))


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory, valkey_url, book) -> Path:
    """A data folder with the demo registry in SQLite, loaded once."""
    data = tmp_path_factory.mktemp("demo")
    with time_machine.travel(DAY, tick=True):
        settings = chosen(data, valkey_url)
        migrations.upgrade(settings.sql_url)
        services = compose.build(settings, book)
        demo.load(services, print)
        services.database.close()
    return data


@contextmanager
def opened(demo_data: Path, data: Path, book: Book) -> Iterator[Callable[..., Gateway]]:
    """A function: the gateway with the demo cast on a store, on its own copy of the database, on the day of the demo."""
    shutil.copytree(
        demo_data, data, ignore=lambda folder, names: [name for name in names if name.endswith(".sock")]
    )
    open_ones = []

    def start(store_url: str, **more) -> Gateway:
        services = compose.build(chosen(data, store_url, **more), book)
        open_ones.append(services)
        return Gateway(services, create_app(services).test_client())

    with time_machine.travel(DAY, tick=True):
        yield start
        for services in open_ones:
            services.database.close()


@pytest.fixture
def gateway_on(demo_data, tmp_path, book):
    """The same, for one test."""
    with opened(demo_data, tmp_path / "data", book) as start:
        yield start


@pytest.fixture
def gateway(gateway_on, store_url):
    """The gateway on the Valkey of all tests, emptied before."""
    return gateway_on(store_url)


@pytest.fixture(scope="module")
def shared_gateway(demo_data, tmp_path_factory, book, valkey_url):
    """One gateway for a module's tests that leave nothing behind which another of them would see."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()  # turns that other modules left waiting would be counted here
    with opened(demo_data, tmp_path_factory.mktemp("shared") / "data", book) as start:
        yield start(valkey_url)
