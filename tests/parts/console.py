"""Somebody of the staff at the console, without a browser: keeps her cookies and fills in her forms' tokens."""

import re

from werkzeug.test import Client, TestResponse

from gateway.settings import DEMO_STAFF_PASSWORD


class Colleague:
    """`Colleague(client).sign_in("agent")`, then `open(path)` and `send(path, **form)`."""

    def __init__(self, client: Client, address: str = "10.0.0.1") -> None:
        self.client = client
        self.environ = {"REMOTE_ADDR": address}

    def open(self, path: str, **more) -> TestResponse:
        return self.client.get(f"/console{path}", environ_overrides=self.environ, **more)

    def send(self, path: str, seen_on: str = "/sign-in", **form: str) -> TestResponse:
        """Post a form, with the token that a page of hers carries."""
        page = self.client.get(f"/console{seen_on}", environ_overrides=self.environ, follow_redirects=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token, f"no form on {seen_on}"
        return self.client.post(
            f"/console{path}", data={"csrf_token": token[1], **form}, environ_overrides=self.environ
        )

    def try_signing_in(self, name: str, password: str = DEMO_STAFF_PASSWORD, **more: str) -> TestResponse:
        return self.send("/sign-in", name=name, password=password, **more)

    def sign_in(self, name: str, password: str = DEMO_STAFF_PASSWORD) -> "Colleague":
        answer = self.try_signing_in(name, password)
        assert (answer.status_code, answer.location) == (303, "/console/"), answer.text
        return self
