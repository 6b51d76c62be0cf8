"""The simulator before a stand-in of the gateway, both in one server as in the demo."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from gateway.simulator import blueprint
from gateway.simulator.timing import Timing

CAST = Path(__file__).resolve().parents[2] / "config" / "demo" / "cast.csv"
ACCOUNT = {"username": "sandbox", "api_key": "demo-api-key"}
QUICK = Timing(report=0.05, late=0.6, hang=0.7, gap=0.1, idle=1.5, sweep=0.2)
MENU = "Ehsaas 8171\n1 My money\n2 Am I eligible?\n3 Complaint"

Answer = str | bytes | tuple[str | bytes, int, dict[str, str]]


@dataclass
class Got:
    """One request as it arrived."""

    hook: str
    raw: bytes
    headers: list[tuple[str, str]]
    form: dict[str, str]
    names: list[str]


@dataclass
class StandIn:
    """Answers hops with `page(text)` and every notice with the next of `codes`, 200 when they are used up."""

    page: Callable[[str], Answer] = lambda text: f"CON {MENU}" if not text else f"CON You typed {text}"
    label: str = ""
    slow: float = 0.0
    codes: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    url: str = ""

    def of(self, hook: str) -> list[Got]:
        return [one for one in self.got if one.hook == hook]

    def wait_for(self, hook: str, count: int = 1, seconds: float = 8.0) -> list[Got]:
        until = time.monotonic() + seconds
        while len(self.of(hook)) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.of(hook)) >= count, f"{len(self.of(hook))} posts to {hook}, not {count}"
        return self.of(hook)


def hooks(stand_in: StandIn) -> Flask:
    app = Flask("stand_in", static_folder=None)

    @app.post("/africastalking/<token>/<hook>")
    def hear(token: str, hook: str):
        if token != "demo":
            return Response("404 Not Found\n", 404)
        raw = request.get_data()
        names = [pair.partition("=")[0] for pair in raw.decode().split("&")]
        stand_in.got.append(Got(hook, raw, list(request.headers), request.form.to_dict(), names))
        if hook != "ussd":
            return Response("ok", stand_in.codes.pop(0) if stand_in.codes else 200)
        time.sleep(stand_in.slow)
        answer = stand_in.page(request.form["text"])
        body, code, headers = answer if isinstance(answer, tuple) else (answer, 200, {})
        if stand_in.label:
            headers = {"at-ussd-hop-metadata": stand_in.label} | headers
        return Response(body, code, headers, mimetype="text/plain")

    return app


@pytest.fixture
def stand_in(tmp_path):
    """A running stand-in with the simulator mounted; `stand_in.url` is its address."""
    shown = StandIn()
    app = hooks(shown)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    shown.url = f"http://127.0.0.1:{server.server_port}"
    app.register_blueprint(
        blueprint(
            gateway_url=shown.url, token="demo", service_code="*8171#", store=tmp_path / "simulator.db", cast=CAST,
            timing=QUICK, **ACCOUNT,
        )
    )  # fmt: skip
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield shown
    with closing(sqlite3.connect(tmp_path / "simulator.db")) as kept, kept:
        if kept.execute("select 1 from sqlite_master where name = 'posts'").fetchone():
            # Nothing left to post, so that the courier's thread ends too.
            kept.execute("delete from posts")
            kept.execute("delete from calls")
    server.shutdown()
    thread.join(5)
    server.server_close()
