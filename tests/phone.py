"""A fake feature phone that speaks the aggregator's wire to the gateway's webhooks, in process."""

import re
import secrets
from itertools import count
from urllib.parse import quote_plus

from werkzeug.test import Client

TOKEN = "demo"
HOOK = f"/africastalking/{TOKEN}"


class Phone:
    """One handset. `dial`, then `send` keys; `screen` is what it shows. The trail grows as the aggregator's does."""

    def __init__(self, client: Client, number: str, network: str = "99999") -> None:
        self.client, self.number, self.network = client, number, network
        self.session = self.trail = self.raw = ""
        self.label = ""

    def dial(self, code: str = "*8171#", session: str | None = None) -> str:
        extension = re.fullmatch(r"\*8171\*(.+)#", code)
        self.session = session or f"ATUid_{secrets.token_hex(16)}"
        self.trail = extension[1] if extension else ""
        self.label = ""
        return self.hop()

    def send(self, keys: str) -> str:
        assert not self.ended, f"the session is over: {self.raw}"
        self.trail = f"{self.trail}*{keys}" if self.trail else keys
        return self.hop()

    def walk(self, *keys: str) -> str:
        for key in keys:
            self.send(key)
        return self.screen

    def hop(self, *, label: bool = True) -> str:
        """Post the trail as it stands (again); the answer is kept in `raw`."""
        self.raw, self.label = self.post(label=self.label if label else "")
        return self.screen

    def post(self, label: str = "") -> tuple[str, str]:
        fields = {
            "phoneNumber": self.number,
            "serviceCode": "*8171#",
            "text": self.trail,
            "sessionId": self.session,
            "networkCode": self.network,
        }
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items())
        headers = {"User-Agent": "at-ussd-api/1.0"} | ({"at-ussd-hop-metadata": label} if label else {})
        answer = self.client.post(
            f"{HOOK}/ussd", data=body, headers=headers, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")
        raw = answer.get_data(as_text=True)
        assert raw[:4] in {"CON ", "END "}, raw
        return raw, answer.headers.get("at-ussd-hop-metadata", "")

    @property
    def screen(self) -> str:
        return self.raw[4:]

    @property
    def ended(self) -> bool:
        return self.raw.startswith("END ")

    def sees(self, *wanted: str) -> "Phone":
        for text in wanted:
            assert text in self.screen, f"{text!r} is not on:\n{self.screen}"
        return self

    def press(self, label: str) -> str:
        """Choose the option whose line holds `label`, leafing through pages to find it."""
        for _ in range(8):
            found = re.search(rf"^(\d+) [^\n]*{re.escape(label)}", self.screen, re.MULTILINE | re.IGNORECASE)
            if found:
                return self.send(found[1])
            assert "98 " in self.screen, f"no option {label!r} on:\n{self.screen}"
            self.send("98")
        raise AssertionError(f"no option {label!r}")

    def hang_up(self, status: str = "Incomplete", seconds: float | None = 0.192) -> None:
        """The notice that the session is over. seconds: how long it lasted in all, None where that is not told."""
        fields = {
            "durationInMillis": "" if seconds is None else f"{seconds * 1000:.0f}", "phoneNumber": self.number, "errorMessage": "", "serviceCode": "*8171#",
            "lastAppResponse": self.raw, "hopsMetadata": "", "hopsCount": "1", "status": status,
            "sessionId": self.session, "cost": "0.00", "date": "2026-11-22 07:00:00",
            "networkCode": self.network, "input": self.trail,
        }  # fmt: skip
        assert self.client.post(f"{HOOK}/ussd-ended", data=fields).status_code == 200

    _ids = count(1)

    def text(self, body: str, under: str | None = None) -> str:
        """Send an SMS to 8171; returns the id it went under."""
        under = under or f"sms-{next(self._ids)}-{secrets.token_hex(4)}"
        fields = {
            "linkId": "",
            "text": body,
            "to": "8171",
            "id": under,
            "date": "2026-11-22T06:04:45Z",
            "from": self.number,
        }
        assert self.client.post(f"{HOOK}/sms", data=fields).status_code == 200
        return under
