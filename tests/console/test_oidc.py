"""Signing in at an identity provider: the code flow as a browser goes it, and every way in which it must not hold."""

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr, ValidationError

from gateway import compose
from gateway.errors import SettingsError
from gateway.settings import Settings
from tests.parts.console import Colleague
from tests.parts.provider import CLIENT, SECRET


@pytest.fixture
def there(gateway_on, store_url, provider):
    """The gateway with that provider."""
    return gateway_on(
        store_url,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_roles="ehsaas-supervisors=supervisor, ehsaas-agents=agent",
    )


def come_back(her, provider, **changed):
    """Follow the link of the sign-in page to the provider and back; the answer of the last step."""
    asked = her.open("/sign-in/provider").location
    assert asked.startswith(f"{provider.url}/authorize?")
    back = urlsplit(provider.agree(asked))
    values = {name: found[0] for name, found in parse_qs(back.query).items()} | changed
    return her.open(back.path.removeprefix("/console"), query_string=values)


def test_the_whole_flow(there, provider):
    her = Colleague(there.client)
    assert "/console/sign-in/provider" in her.open("/sign-in").text
    answer = come_back(her, provider)
    assert (answer.status_code, answer.location) == (303, "/console/")
    assert provider.asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= provider.asked.keys()
    page = her.open("/me").text
    assert "Amina" in page
    assert "Present password" not in page
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("ehsaas-console="))
    assert "SameSite=Lax" in cookie
    (member,) = [one for one in there.services.staff.accounts.all() if not one.password]
    assert member.role == "agent"
    entry = there.services.staff.audit.entries(act="signed_in", limit=1)[0]
    assert (entry.actor, entry.detail) == (member.mark, {"how": "oidc"})


def test_the_role_follows_the_provider(there, provider):
    come_back(Colleague(there.client), provider)
    provider.claims = {"roles": "ehsaas-supervisors"}
    come_back(Colleague(there.client), provider)
    assert [one.role for one in there.services.staff.accounts.all() if not one.password] == ["supervisor"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["another-client"], "azp": CLIENT},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"sub": None},
        {"roles": ["nobody-here"]},
        {"roles": []},
        {"roles": None},
    ],
    ids=str,
)
def test_an_id_token_that_must_not_hold(there, provider, claims):
    provider.claims = claims
    her = Colleague(there.client)
    answer = come_back(her, provider)
    assert answer.status_code == 403
    assert her.open("/me").status_code == 303
    assert [one for one in there.services.staff.accounts.all() if not one.password] == []


def test_a_token_signed_by_another_key(there, provider):
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert come_back(Colleague(there.client), provider).status_code == 403


def test_a_provider_that_calls_itself_otherwise(there, provider):
    provider.metadata = {"issuer": "https://elsewhere.example"}
    provider.claims = {"iss": "https://elsewhere.example"}
    assert come_back(Colleague(there.client), provider).status_code == 403


@pytest.mark.parametrize(
    "changed", [{"state": "another"}, {"code": "another"}, {"error": "access_denied"}], ids=str
)
def test_a_way_back_that_is_not_the_one_begun(there, provider, changed):
    assert come_back(Colleague(there.client), provider, **changed).status_code == 403


def test_a_way_back_in_another_browser(there, provider):
    asked = Colleague(there.client).open("/sign-in/provider").location
    back = urlsplit(provider.agree(asked))
    other = Colleague(there.client.application.test_client())
    answer = other.open(back.path.removeprefix("/console"), query_string=back.query)
    assert answer.status_code == 403


def test_a_disabled_account_does_not_come_in(there, provider):
    come_back(Colleague(there.client), provider)
    staff = there.services.staff
    (member,) = [one for one in staff.accounts.all() if not one.password]
    staff.accounts.disable("system:test", member)
    assert come_back(Colleague(there.client), provider).status_code == 403


def test_a_provider_that_is_away_is_said_so(gateway_on, store_url):
    gateway = gateway_on(
        store_url, oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT, oidc_roles="ehsaas-agents=agent"
    )
    answer = Colleague(gateway.client).open("/sign-in/provider")
    assert answer.status_code == 503
    assert "Not now" in answer.text


def test_without_a_provider_there_is_no_such_way(colleague):
    her = colleague()
    assert her.open("/sign-in/provider").status_code == 404
    assert "ministry account" not in her.open("/sign-in").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "https://id.example"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://id.example", "oidc_roles": "a=agent"},
    ],
)
def test_half_a_provider_is_refused_at_the_start(wrong):
    with pytest.raises(ValidationError, match="GATEWAY_OIDC_ISSUER"):
        Settings(**wrong)


@pytest.mark.parametrize("setting", ["console_factor_roles", "oidc_roles"])
def test_a_role_that_there_is_not_is_refused_at_the_start(setting, tmp_path):
    value = "boss" if setting == "console_factor_roles" else "group=boss"
    settings = Settings(data_dir=tmp_path, **{setting: value})
    with pytest.raises(SettingsError, match="boss"):
        compose.open_staff(settings, None, None)
