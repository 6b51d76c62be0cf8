"""The published description, and whether the API keeps to it whatever it is asked, sensible or not."""

import io
import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from gateway.api import PREFIX
from gateway.staff.roles import Scope

OPERATIONS = {
    ("/payments/events", "post"): Scope.PAYMENTS_WRITE,
    ("/messages", "get"): Scope.MESSAGES_READ,
    ("/messages", "post"): Scope.MESSAGES_WRITE,
    ("/messages/{number}", "get"): Scope.MESSAGES_READ,
    ("/cases", "get"): Scope.CASES_READ,
    ("/cases", "post"): Scope.CASES_WRITE,
    ("/cases/{reference}", "get"): Scope.CASES_READ,
    ("/cases/{reference}/moves", "post"): Scope.CASES_WRITE,
    ("/sessions", "get"): Scope.SESSIONS_READ,
    ("/sessions/{session}", "get"): Scope.SESSIONS_READ,
}
KEPT = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture
def document(shared_gateway):
    answer = shared_gateway.client.get(f"{PREFIX}/openapi.json")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


def test_it_names_every_operation_its_scope_and_its_refusals(document):
    found = {
        (path.removeprefix(PREFIX), method): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    assert {key: one["security"] for key, one in found.items()} == {
        key: [{"token": [scope]}] for key, scope in OPERATIONS.items()
    }
    for operation in found.values():
        assert {"401", "403", "422", "429", "500", "503"} <= operation["responses"].keys()
        (done,) = [status for status in operation["responses"] if status.startswith("2")]
        assert operation["responses"][done]["content"]["application/json"]["example"]
        assert operation["summary"]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_its_examples_name_nobody(shared_gateway):
    text = shared_gateway.client.get(f"{PREFIX}/openapi.json").text
    assert set(re.findall(r'"[0-9]{5}-[0-9]{7}-[0-9]"', text)) == {'"00000-0000000-0"'}
    assert set(re.findall(r'"\+92[0-9]{10}"', text)) == {'"+920000000000"'}


class Asking:
    """The application, as a system with a token reaches it that signs whatever it sends."""

    def __init__(self, system):
        self.system = system

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].endswith("/openapi.json"):
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(self.open_to_all()).encode()]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["HTTP_AUTHORIZATION"] = self.system.bearer["Authorization"]
        environ["HTTP_X_SIGNATURE"] = self.system.sign(body)
        return self.system.client.application.wsgi_app(environ, start_response)

    def open_to_all(self):
        """The description without what this adds to each request, else leaving that out would have to be refused."""
        document = self.system.client.get(f"{PREFIX}/openapi.json").json
        for operations in document["paths"].values():
            for operation in operations.values():
                operation.pop("security")
                operation["parameters"] = [
                    one for one in operation.get("parameters", []) if one["name"] != "X-Signature"
                ]
        return document


def real(gateway, path):
    """Values of a request that there is something for."""
    if path == "/payments/events":
        told = {"id": "core-1", "cnic": "35202-1234501-2", "programme": "kafaalat", "period": "2026Q4"}
        return {"body": {"events": [told | {"state": "WITHDRAWN", "at": "2026-11-22"}]}}
    if path == "/messages/{number}":
        return {"path_parameters": {"number": 1}}
    if path.startswith("/cases/{"):
        opened = gateway.services.core.cases.open("loan", "+923001234501", "k", channel="ussd")
        return {"path_parameters": {"reference": opened.case.reference}}
    if path == "/sessions/{session}":
        gateway.phone("+923001234501").dial()
        gateway.services.journal.drain()
        return {"path_parameters": {"session": gateway.services.journal.recent()[0].id}}
    return {}


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_it_keeps_to_what_it_publishes(gateway, system, monkeypatch, operation):
    monkeypatch.setattr("gateway.api.access._RATE", "100000 per minute")
    path, method = operation
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", Asking(system(gateway)))
    one = schema[f"{PREFIX}{path}"][method.upper()]

    @settings(
        max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=st.one_of(
            one.as_strategy(),
            one.as_strategy(GenerationMode.NEGATIVE),
            one.as_strategy(**real(gateway, path)),
        )
    )
    def keeps(case):
        seen.add(case.call_and_validate(checks=KEPT).status_code)

    seen = set()
    keeps()
    assert seen & {200, 201}
