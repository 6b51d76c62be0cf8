"""A setting that cannot work is refused at the start, by its name, and without what it held."""

import pytest

from gateway import settings
from gateway.errors import SettingsError

REFUSED = [
    ("PORT", "abc"),
    ("PORT", "65536"),
    ("ENV", "prod"),
    ("HOP_SECONDS", "9.5"),
    ("HOOK_TOKEN", "a/b"),
    ("SECRET_KEYS", "k1:c2hvcnQ="),
    ("DATABASE_URL", "mysql://gateway:hidden@db/gateway"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "gateway.db"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://:hidden@store:6379"),
    ("REDIS_URL", "redis://"),
    ("AFRICASTALKING_URL", "api.example.org"),
    ("AFRICASTALKING_URL", "ftp://api.example.org"),
    ("AFRICASTALKING_URL", "https://"),
    ("AFRICASTALKING_URL", "https://api.example.org/?key=hidden"),
    ("SERVICE_CODES", ""),
    ("SERVICE_CODES", " , "),
    ("SERVICE_CODES", "8171"),
    ("SERVICE_CODES", "*8171#,*"),
]
TAKEN = [
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite:///gateway.db"),
    ("DATABASE_URL", "postgresql://gateway:hidden@db:5432/gateway"),
    ("DATABASE_URL", "postgresql+psycopg://gateway@/gateway?host=/run/postgresql"),
    ("REDIS_URL", "embedded"),
    ("REDIS_URL", "rediss://:hidden@store:6380/1"),
    ("REDIS_URL", "unix:///run/valkey.sock"),
    ("REDIS_URL", "redis+sentinel://one:26379,two:26379/gateway"),
    ("REDIS_URL", "redis+cluster://one:6379"),
    ("AFRICASTALKING_URL", ""),
    ("AFRICASTALKING_URL", "http://127.0.0.1:9100/simulator"),
    ("AFRICASTALKING_URL", "https://api.example.org"),
    ("SERVICE_CODES", "*8171#, *384*"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_value_that_cannot_work_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"GATEWAY_{name}", value)
    with pytest.raises(SettingsError) as refused:
        settings.load()
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"GATEWAY_{name}: ")
    assert "hidden" not in line


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_a_value_that_works_is_taken_as_it_stands(monkeypatch, name, value):
    monkeypatch.setenv(f"GATEWAY_{name}", value)
    assert getattr(settings.load(), name.lower()) == value
