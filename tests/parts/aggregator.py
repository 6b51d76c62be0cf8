"""A stand-in for Africa's Talking's SMS API: a real HTTP server that records each request and can misbehave.

Scripted outcomes: `outcomes[phone] = (statusCode, status)` for one recipient; `next_calls` for whole calls, taken one
by one: a tuple `(status, content type, body)`, or `hang` (accepts, then says nothing), `reset` (accepts, then breaks the
connection), `refuse_all` (201 without recipients), `charset`, `no_parts`.
"""

import json
import secrets
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from smsutil import split

HANG_SECONDS = 1.5


@dataclass
class Request:
    """A send as it came: path, headers in lower case, form fields, the raw body."""

    path: str
    headers: dict[str, str]
    fields: dict[str, str]
    raw: bytes

    @property
    def to(self) -> list[str]:
        return self.fields["to"].split(",")


@dataclass
class AfricasTalkingStand:
    """Its address, what it was asked, and what it shall answer."""

    url: str = ""
    api_key: str = "test-key"
    requests: list[Request] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    outcomes: dict[str, tuple[int, str]] = field(default_factory=dict)
    next_calls: deque[object] = field(default_factory=deque)
    accepted: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # id, phone, message: what left for a handset
    refusal: str = "InvalidSenderId"
    closing: threading.Event = field(default_factory=threading.Event)

    def bodies_to(self, phone: str) -> list[str]:
        """Every text that was accepted for this phone."""
        return [message for _, to, message in self.accepted if to == phone]

    def id_for(self, phone: str) -> str:
        """The id given to the newest message for this phone."""
        return next(given for given, to, _ in reversed(self.accepted) if to == phone)

    def recipients(self, fields: dict[str, str], *, with_parts: bool) -> list[dict[str, object]]:
        parts = len(split(fields["message"]).parts) or 1
        listed = []
        for phone in fields["to"].split(","):
            code, word = self.outcomes.get(phone, (101, "Success"))
            taken = code < 200
            one = {
                "statusCode": code,
                "number": phone,
                "status": word,
                "cost": f"KES {0.8 * parts:.4f}" if taken else "0",
                "messageId": f"ATXid_{secrets.token_hex(16)}" if taken else "None",
            }
            if with_parts:
                one["messageParts"] = parts
            if taken:
                self.accepted.append((str(one["messageId"]), phone, fields["message"]))
            listed.append(one)
        return listed


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand: AfricasTalkingStand

    def log_message(self, *words):
        pass

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        stand = self.stand
        stand.requests.append(Request(self.path, headers, fields, raw))
        stand.connections.add(self.client_address)
        if self.path != "/version1/messaging":
            return self._answer(404, "text/plain", "The requested resource could not be found.")
        if headers.get("apikey") != stand.api_key:
            return self._answer(401, "text/plain", "The supplied authentication is invalid")
        for name in ("username", "to", "message"):
            if name not in fields:
                return self._answer(400, "text/plain", f"Request is missing required form field '{name}'")
        return self._play(stand, fields, stand.next_calls.popleft() if stand.next_calls else "")

    def _play(self, stand, fields, play):
        if isinstance(play, tuple):
            return self._answer(*play)
        if play == "refuse_all":
            return self._json({"SMSMessageData": {"Message": stand.refusal, "Recipients": []}})
        recipients = stand.recipients(fields, with_parts=play != "no_parts")
        sent = sum(one["statusCode"] < 200 for one in recipients)
        message = f"Sent to {sent}/{len(recipients)} Total Cost: KES {0.8 * sent:.4f}"
        if play == "hang":
            stand.closing.wait(HANG_SECONDS)
        if play == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return None
        kind = "application/json; charset=utf-8" if play == "charset" else "application/json"
        return self._json({"SMSMessageData": {"Message": message, "Recipients": recipients}}, kind)

    def _json(self, answer, kind="application/json"):
        return self._answer(201, kind, json.dumps(answer))

    def _answer(self, status, kind, body):
        encoded = body.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that gave up is part of the play."""


@pytest.fixture
def aggregator() -> Iterator[AfricasTalkingStand]:
    """The stand-in, fresh for each test, on a port of its own."""
    stand = AfricasTalkingStand()
    handler = type("_Bound", (_Handler,), {"stand": stand})
    server = _Server(("127.0.0.1", 0), handler)
    stand.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield stand
    stand.closing.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def wait_until(true, seconds: float = 5.0) -> None:
    """Wait, at most so long, until `true()` holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
