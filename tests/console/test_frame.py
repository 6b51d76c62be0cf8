"""What holds for every answer of the console: headers, forms' tokens, pages for what went wrong."""

import pytest

from gateway.errors import SettingsError
from gateway.staff.audit import Audit
from tests.parts.console import Colleague

POLICY = {
    "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "connect-src 'self'",
    "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 303),
        ("/sign-in", 200),
        ("/no/such/page", 404),
        ("/static/console.css", 200),
        ("/static/none.css", 404),
    ],
)
def test_headers_on_every_answer(shared_gateway, path, status):
    answer = Colleague(shared_gateway.client.application.test_client()).open(path)
    assert answer.status_code == status
    headers = answer.headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("no-store" in headers["Cache-Control"]) is not path.startswith("/static/")
    assert "Strict-Transport-Security" not in headers, "not without TLS"


def test_behind_tls_the_browser_is_told_to_keep_to_it(gateway_on, store_url):
    app = gateway_on(store_url, trusted_proxies=1).client.application
    answer = app.test_client().get("/console/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_cookie_of_a_sitting_is_opaque_and_for_this_site_alone(gateway, colleague):
    answer = colleague().try_signing_in("agent")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("ehsaas-console=")]
    token = cookie.partition("=")[2].partition(";")[0]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "agent" not in cookie
    assert gateway.services.staff.sittings.of(token).member.name == "agent"


def test_in_production_cookies_are_bound_to_the_host_and_tls(gateway_on, store_url, sqlite_database):
    gateway = gateway_on(store_url, database_url=sqlite_database.url, **PRODUCTION)
    assert "/simulator" not in {rule.rule for rule in gateway.client.application.url_map.iter_rules()}
    gateway.services.staff.accounts.add("system:test", "amina", "agent", "a long enough sentence")
    client = gateway.client.application.test_client()
    her = Colleague(client)
    her.environ |= {"wsgi.url_scheme": "https"}
    answer = her.try_signing_in("amina", "a long enough sentence")
    cookies = {
        name: rest for name, _, rest in (line.partition("=") for line in answer.headers.getlist("Set-Cookie"))
    }
    assert cookies.keys() <= {"__Host-ehsaas-console", "__Host-ehsaas-form"}
    assert "__Host-ehsaas-console" in cookies
    assert all("Secure" in rest and "HttpOnly" in rest and "Domain" not in rest for rest in cookies.values())


@pytest.mark.parametrize("token", [None, "", "made up", "IjEi.aaaa.bbbb"])
def test_a_form_without_its_token_changes_nothing(gateway, colleague, token):
    her = colleague().sign_in("agent")
    form = {"language": "ur"} | ({} if token is None else {"csrf_token": token})
    answer = her.client.post("/console/me/language", data=form, environ_overrides=her.environ)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert gateway.services.staff.accounts.named("agent").language == "en"


def test_a_token_of_another_visitor_is_none(gateway, colleague):
    her, other = colleague().sign_in("agent"), colleague("10.0.0.2").sign_in("female")
    page = other.open("/me").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = her.client.post(
        "/console/me/language", data={"language": "ur", "csrf_token": token}, environ_overrides=her.environ
    )
    assert answer.status_code == 400


def test_a_broken_page_says_what_to_do_and_not_what_broke(gateway, colleague, monkeypatch):
    her = colleague().sign_in("auditor")

    def fail(*_, **__):
        raise RuntimeError("35202-1234501-2 was not found")

    monkeypatch.setattr(Audit, "entries", fail)
    answer = her.open("/audit")
    assert answer.status_code == 500
    assert "Something broke here" in answer.text
    assert "35202" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_nothing_stands_at_has_a_page_of_the_console(colleague):
    her = colleague().sign_in("agent")
    answer = her.open("/no/such/page")
    assert "There is no such page" in answer.text
    assert "Sign out" in answer.text


def test_a_hop_carries_no_cookie_of_the_console(gateway):
    phone = gateway.phone("+923001234501")
    phone.dial()
    answer = gateway.client.get("/healthz")
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_switched_off_there_is_no_console(gateway_on, store_url):
    assert gateway_on(store_url, console=False).client.get("/console/sign-in").status_code == 404


def test_titles_and_addresses_name_nobody(colleague):
    her = colleague().sign_in("agent")
    for path in ("/", "/me"):
        title = her.open(path).text.partition("<title>")[2].partition("</title>")[0]
        assert "Adeel" not in title
        assert "agent" not in title


def test_production_does_not_start_on_the_demos_database(gateway_on, store_url):
    with pytest.raises(SettingsError, match="accounts of the demo"):
        gateway_on(store_url, **PRODUCTION)


PRODUCTION = {
    "env": "production",
    "hook_token": "an-unguessable-token",
    "secret_keys": "k1:" + "A" * 43 + "=",
    "africastalking_api_key": "a-key",
    "africastalking_username": "ehsaas",
}
