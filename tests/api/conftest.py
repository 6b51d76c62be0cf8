"""The API on the whole gateway, with tokens and a signing core system."""

import hmac
import itertools
import json
from dataclasses import dataclass, field

import pytest
from werkzeug.test import Client, TestResponse

from gateway import clock
from gateway.staff.roles import SCOPES, Role, Scope, may

_numbers = itertools.count(1)


@dataclass
class System:
    """Another system with a token: `read(path)`, `send(path, body)`, `tell(events)` for a signed batch."""

    client: Client
    plain: str
    key: tuple[str, bytes] = ("demo", b"demo-event-key-not-secret-key-01")
    _sent: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.plain}"}

    def read(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.bearer | headers)

    def send(self, path: str, body: object, **headers: str) -> TestResponse:
        given = {"Idempotency-Key": f"key-{next(self._sent)}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.client.post(f"/api/v1{path}", json=body, headers=self.bearer | given)

    def tell(self, *events: dict, **more) -> TestResponse:
        body = json.dumps({"events": events}).encode()
        return self.post(body, self.sign(body, **more))

    def sign(self, body: bytes, at: float | None = None, kid: str = "", key: bytes = b"") -> str:
        seconds = str(int(clock.epoch() if at is None else at))
        mark = hmac.digest(key or self.key[1], seconds.encode() + b"." + body, "sha256").hex()
        return f"t={seconds},k={kid or self.key[0]},v1={mark}"

    def post(self, body: bytes, signature: str | None) -> TestResponse:
        signed = {} if signature is None else {"X-Signature": signature}
        return self.client.post(
            "/api/v1/payments/events",
            data=body,
            content_type="application/json",
            headers=self.bearer | signed,
        )


@pytest.fixture
def system():
    """A function: a system with a token of a role on a gateway, with the scopes given or all that the role allows."""

    def system(gateway, role: Role = Role.SUPERVISOR, *scopes: Scope) -> System:
        chosen = scopes or [scope for scope, needed in SCOPES.items() if needed is None or may(role, needed)]
        _, plain = gateway.services.staff.tokens.make("system:test", f"t{next(_numbers)}", chosen, role)
        return System(gateway.client.application.test_client(), plain)

    return system
