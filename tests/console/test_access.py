"""Every address of the console against every role, from the one table of permissions."""

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from gateway.demo import STAFF
from gateway.staff.roles import Permission, Role, may
from tests.parts.console import Colleague

NAMES = {role: name for name, _, role in STAFF}
BEFORE_SIGN_IN = {
    "console.sign_in", "console.signing_in", "console.nowhere", "console.provider", "console.provider_back",
}  # fmt: skip


def routes(app):
    """(method, path, rule of access) of every view, the path with values that stand for nothing."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("console.") or rule.endpoint in {"console.static", "console.nowhere"}:
            continue
        values = {name: _some(converter) for name, converter in rule._converters.items()}
        path = app.url_map.bind("127.0.0.1").build(
            rule.endpoint, values, method=next(iter(rule.methods & {"GET", "POST"}))
        )
        found += [
            (method, path, app.view_functions[rule.endpoint].rule)
            for method in sorted(rule.methods & {"GET", "POST"})
        ]
    return found


def _some(converter):
    if isinstance(converter, IntegerConverter):
        return 999_999
    return min(converter.items) if isinstance(converter, AnyConverter) else "none"


def test_every_view_says_who_may_open_it(shared_gateway):
    app = shared_gateway.client.application
    views = {name: view for name, view in app.view_functions.items() if name.startswith("console.")}
    assert len(views) > 10
    lacking = [name for name, view in views.items() if name != "console.static" and not hasattr(view, "rule")]
    assert lacking == []
    assert {name for name, view in views.items() if getattr(view, "rule", "") == "open"} <= BEFORE_SIGN_IN


def test_nobody_gets_further_than_the_sign_in(shared_gateway):
    app = shared_gateway.client.application
    stranger = Colleague(app.test_client())
    guarded = [(method, path) for method, path, rule in routes(app) if rule != "open"]
    assert len(guarded) > 10
    for method, path in guarded:
        ask = stranger.open if method == "GET" else stranger.send
        answer = ask(path.removeprefix("/console"))
        assert answer.status_code == 303, (method, path)
        assert answer.location.startswith("/console/sign-in"), (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_gives_it_and_nothing_else(shared_gateway, role):
    app = shared_gateway.client.application
    her = Colleague(app.test_client(), f"10.1.0.{list(Role).index(role)}").sign_in(NAMES[role])
    ruled = [(method, path, rule) for method, path, rule in routes(app) if isinstance(rule, Permission)]
    assert ruled
    for method, path, needed in ruled:
        ask = her.open if method == "GET" else (lambda path: her.send(path, seen_on="/me"))
        refused = ask(path.removeprefix("/console")).status_code == 403
        assert refused is not may(role, needed), (method, path, needed)


def test_a_refusal_is_in_the_audit(shared_gateway):
    her = Colleague(shared_gateway.client.application.test_client()).sign_in("agent")
    assert her.open("/audit").status_code == 403
    entry = shared_gateway.services.staff.audit.entries(act="refused", limit=1)[0]
    assert (entry.subject, entry.detail) == ("page:console.audit", {"permission": "audit"})


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_names_only_what_the_role_may_open(shared_gateway, role):
    app = shared_gateway.client.application
    her = Colleague(app.test_client(), f"10.2.0.{list(Role).index(role)}").sign_in(NAMES[role])
    page = her.open("/").text
    for path, needed in (
        ("/console/audit", Permission.AUDIT),
        ("/console/staff", Permission.STAFF),
        ("/console/reveals", Permission.APPROVE_REVEAL),
    ):
        assert (f'href="{path}"' in page) is may(role, needed)
