"""The worker on real parts: Valkey, SQL and HTTP; woken, stopped, killed, it loses and doubles nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway import compose
from gateway.messages.values import Message, Report, Text
from gateway.settings import Settings
from gateway.worker import Worker
from tests.parts.aggregator import wait_until

ROOT = Path(__file__).resolve().parents[1]
A = "+923001234501"


@pytest.fixture
def settings(sqlite_database, store_url, aggregator, tmp_path):
    return Settings(
        data_dir=tmp_path, database_url=sqlite_database.url, redis_url=store_url, menus=ROOT / "menus", config=ROOT / "config",
        africastalking_url=aggregator.url, africastalking_api_key=SecretStr(aggregator.api_key), worker_threads=2,
    )  # fmt: skip


@pytest.fixture
def services(settings):
    services = compose.build(settings)
    yield services
    services.database.close()


@pytest.fixture
def worker(services):
    worker = Worker(services)
    worker.start()
    yield worker
    worker.stop()


def put(services, *bodies: str, lane="reply", subject="") -> None:
    messages = [Message(f"k:{body}", A, body, lane, "test", subject=subject) for body in bodies]
    with services.database.writing() as connection:
        services.outbox.put(connection, messages)


def states(services) -> list[str]:
    return [sent.state for sent in services.outbox.recent()]


def test_a_text_is_answered_and_the_answer_sent(worker, services, aggregator):
    services.inbox.put(Text("m1", A, "8171", "HELP"))
    services.inbox.put(Text("m1", A, "8171", "HELP"))
    wait_until(lambda: aggregator.bodies_to(A))
    assert aggregator.bodies_to(A) == [services.book.message("help", services.book.default_language)]
    assert aggregator.requests[0].fields["from"] == "8171"


def test_a_message_goes_out_without_a_nudge(worker, services, aggregator):
    put(services, "hello")
    wait_until(lambda: aggregator.bodies_to(A) == ["hello"])


def test_a_delivered_alert_is_told_to_the_core(worker, services, aggregator, sqlite_database):
    put(services, "money", lane="alert", subject="instalment:1")
    wait_until(lambda: states(services) == ["sent"])
    services.outbox.report(Report(aggregator.id_for(A), A, "delivered"))
    wait_until(lambda: not untold(sqlite_database))
    assert states(services) == ["delivered"]


def untold(database) -> int:
    with database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE NOT told").scalar_one()


def test_a_stop_while_sending_waits_for_the_answer(services, aggregator):
    aggregator.next_calls.append("hang")
    put(services, "slow")
    worker = Worker(services)
    worker.start()
    wait_until(lambda: aggregator.requests)
    worker.stop()
    assert states(services) == ["sent"]
    assert aggregator.bodies_to(A) == ["slow"]


def start_process(settings, aggregator) -> subprocess.Popen:
    environment = os.environ | {
        "GATEWAY_DATA_DIR": str(settings.data_dir),
        "GATEWAY_DATABASE_URL": settings.database_url,
        "GATEWAY_REDIS_URL": settings.redis_url,
        "GATEWAY_MENUS": str(settings.menus),
        "GATEWAY_CONFIG": str(settings.config),
        "GATEWAY_AFRICASTALKING_URL": settings.africastalking_url,
        "GATEWAY_AFRICASTALKING_API_KEY": aggregator.api_key,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "gateway", "worker"], env=environment, cwd=ROOT, stderr=subprocess.PIPE
    )


def test_the_process_works_and_ends_when_asked(settings, services, aggregator):
    put(services, "from a process")
    process = start_process(settings, aggregator)
    try:
        wait_until(lambda: aggregator.bodies_to(A) == ["from a process"], 20)
        wait_until(lambda: states(services) == ["sent"])
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert b"worker_stopped" in said
    assert A.encode() not in said


def test_a_killed_process_doubles_nothing(settings, services, aggregator):
    aggregator.next_calls.append("hang")
    put(services, "once")
    process = start_process(settings, aggregator)
    wait_until(lambda: aggregator.bodies_to(A), 20)
    process.kill()
    process.communicate()
    assert states(services) == ["sending"]
    worker = Worker(services)
    worker.start()
    put(services, "after")
    wait_until(lambda: "after" in aggregator.bodies_to(A))
    services.outbox.report(Report(aggregator.accepted[0][0], A, "delivered"))
    worker.stop()
    assert aggregator.bodies_to(A) == ["once", "after"]
