"""Every setting, in one place; nothing else reads the environment."""

import base64
import hashlib
import os
import re
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.errors import SettingsError

# Marked as the demo's, and refused in production by `Settings.refuse_demo_values`.
DEMO_HOOK_TOKEN = "demo"  # noqa: S105 - the demo's, refused in production
DEMO_SECRET_KEYS = "demo:ZGVtby1rZXktbm90LXNlY3JldC1kZW1vLWtleS0wMDE="  # noqa: S105 - as above
DEMO_EVENT_KEYS = "demo:ZGVtby1ldmVudC1rZXktbm90LXNlY3JldC1rZXktMDE="  # as above
DEMO_API_KEY = "demo-api-key"
DEMO_STAFF_PASSWORD = "demo-only-8171"  # noqa: S105 - as above; its accounts are refused by `staff.accounts`
LONGEST_SOCKET = 107  # bytes; the system's limit on the path of a unix socket


class Settings(BaseSettings):
    """The gateway's settings, each read from `GATEWAY_<NAME>`. The table in README.md is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", extra="ignore", frozen=True)

    env: Literal["demo", "production"] = Field(
        "demo", description="`production` refuses to start on a demo value"
    )
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8171, ge=1, le=65535, description="port the web server listens on")
    data_dir: Path = Field(Path("data"), description="folder of the embedded SQLite and Valkey")
    database_url: str = Field("", description="SQLAlchemy URL; empty is SQLite in the data folder")
    redis_url: str = Field(
        "embedded",
        description="`embedded`, or `redis://`, `rediss://`, `unix://`, `redis+sentinel://host:port/service`, `redis+cluster://host:port`",
    )
    hook_token: SecretStr = Field(
        SecretStr(DEMO_HOOK_TOKEN), description="unguessable part of the webhook addresses"
    )
    secret_keys: SecretStr = Field(
        SecretStr(DEMO_SECRET_KEYS),
        description="`id:base64 of 32 bytes`, comma-separated; the first writes, all read",
    )
    event_keys: SecretStr = Field(
        SecretStr(""),
        description="keys that payment events at /api/v1 are signed with, written as the secret keys; empty is the demo's in the demo, and no events in production",
    )
    menus: Path = Field(Path("menus"), description="folder of screens and translations")
    config: Path = Field(
        Path("config"), description="folder of programmes, aggregators, languages, shortcuts"
    )
    offer_unreviewed: bool = Field(
        False, description="offer callers the languages that no native reader has reviewed"
    )
    web_threads: int = Field(16, ge=2, le=256, description="hops one web process answers at a time")
    web_processes: int = Field(1, ge=1, le=64, description="web processes behind the one address")
    worker_threads: int = Field(4, ge=1, le=64, description="messages one worker sends at a time")
    hop_seconds: float = Field(
        5.0, gt=0.2, le=9, description="time a hop may take, of the aggregator's 10 seconds"
    )
    resume_minutes: int = Field(
        15, ge=1, le=120, description="how long a dropped caller can continue where she was"
    )
    service_codes: str = Field(
        "*8171#,*384*",
        description="codes that are ours; one that ends in `*` stands for all that begin so (sandboxes)",
    )
    sender: str = Field("8171", description="sender of every SMS")
    africastalking_username: str = Field("sandbox", description="user name at Africa's Talking")
    africastalking_api_key: SecretStr = Field(
        SecretStr(DEMO_API_KEY), description="API key at Africa's Talking"
    )
    africastalking_url: str = Field(
        "",
        description="another base address than Africa's Talking's own; the demo points it at the simulator",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="reverse proxies in front, whose forwarded address counts"
    )
    journal: bool = Field(True, description="keep each turn for replay")
    console: bool = Field(True, description="the staff's pages at /console")
    api: bool = Field(True, description="the JSON of other systems at /api/v1")
    console_idle_minutes: int = Field(
        15, ge=1, le=240, description="how long the console may stand unused before it asks to sign in again"
    )
    console_factor_roles: str = Field(
        "",
        description="roles that need a second factor (TOTP), comma-separated; empty is `supervisor,admin` in production and none in the demo, `none` is none",
    )
    reveal_second_person: bool = Field(
        False, description="a masked field is shown only after a supervisor other than who asked has agreed"
    )
    oidc_issuer: str = Field(
        "", description="issuer of an OpenID Connect provider that staff sign in with; empty is none"
    )
    oidc_client_id: str = Field("", description="the console's client id at the provider")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="its secret; empty for a public client (PKCE is used either way)"
    )
    oidc_role_claim: str = Field("roles", description="claim of the ID token that names her groups or roles")
    oidc_roles: str = Field(
        "",
        description="which value of that claim is which role, `value=role`, comma-separated; the first that fits",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged"
    )

    @field_validator("secret_keys")
    @classmethod
    def _readable_keys(cls, value: SecretStr) -> SecretStr:
        _parse_keys(value.get_secret_value())
        return value

    @field_validator("event_keys")
    @classmethod
    def _readable_event_keys(cls, value: SecretStr) -> SecretStr:
        return cls._readable_keys(value) if value.get_secret_value() else value

    @field_validator("hook_token")
    @classmethod
    def _fit_for_an_address(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[\w.~-]*", value.get_secret_value(), re.ASCII):
            raise ValueError("letters, digits, `.`, `_`, `~` and `-` only: it stands in an address")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        if value and not re.match(r"sqlite:///.|postgresql(\+psycopg)?://", value):
            raise ValueError("begins with `postgresql://` or `sqlite:///`, or is empty")
        return value

    @field_validator("redis_url")
    @classmethod
    def _a_store(cls, value: str) -> str:
        if value != "embedded" and not re.match(r"(redis(\+sentinel|\+cluster)?|rediss|unix)://.", value):
            raise ValueError("is `embedded`, or begins with `redis://` or another of the forms in README")
        return value

    @field_validator("africastalking_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
            raise ValueError("begins with `https://` or `http://`, or is empty")
        return value

    @field_validator("service_codes")
    @classmethod
    def _codes_to_dial(cls, value: str) -> str:
        codes = [code.strip() for code in value.split(",") if code.strip()]
        if not codes or not all(re.fullmatch(r"\*\d[\d*]*[#*]", code, re.ASCII) for code in codes):
            raise ValueError(
                "each is dialled, like `*8171#`; one that ends in `*` stands for all that begin so"
            )
        return value

    @model_validator(mode="after")
    def _whole_provider(self) -> "Settings":
        if not self.oidc_issuer:
            return self
        if not (self.oidc_client_id and self.oidc_roles):
            raise ValueError("GATEWAY_OIDC_ISSUER needs GATEWAY_OIDC_CLIENT_ID and GATEWAY_OIDC_ROLES")
        if self.env == "production" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("GATEWAY_OIDC_ISSUER begins with https:// in production")
        return self

    @model_validator(mode="after")
    def refuse_demo_values(self) -> "Settings":
        """Production starts on real secrets or not at all."""
        if self.env != "production":
            if not self.hook_token.get_secret_value():
                raise ValueError("GATEWAY_HOOK_TOKEN is empty")
            return self
        faults = []
        if (
            self.hook_token.get_secret_value() in {"", DEMO_HOOK_TOKEN}
            or len(self.hook_token.get_secret_value()) < 16
        ):
            faults.append("GATEWAY_HOOK_TOKEN needs a secret of at least 16 characters")
        if DEMO_SECRET_KEYS.partition(":")[2] in self.secret_keys.get_secret_value():
            faults.append("GATEWAY_SECRET_KEYS holds the demo's key")
        if DEMO_EVENT_KEYS.partition(":")[2] in self.event_keys.get_secret_value():
            faults.append("GATEWAY_EVENT_KEYS holds the demo's key")
        if self.africastalking_api_key.get_secret_value() in {"", DEMO_API_KEY}:
            faults.append("GATEWAY_AFRICASTALKING_API_KEY is missing")
        if self.africastalking_username in {"", "sandbox"}:
            faults.append("GATEWAY_AFRICASTALKING_USERNAME is missing or the sandbox's")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @cached_property
    def keys(self) -> dict[str, bytes]:
        """Key id -> 32 bytes, the writing one first."""
        return _parse_keys(self.secret_keys.get_secret_value())

    @cached_property
    def event_signers(self) -> dict[str, bytes]:
        """Key id -> 32 bytes, of who may sign payment events."""
        given = self.event_keys.get_secret_value()
        if not given and self.env == "production":
            return {}
        return _parse_keys(given or DEMO_EVENT_KEYS)

    @property
    def factor_roles(self) -> tuple[str, ...]:
        """Names of the roles that need a second factor."""
        usual = "supervisor,admin" if self.env == "production" else "none"
        return tuple(name for name in _listed(self.console_factor_roles or usual) if name != "none")

    @property
    def oidc_role_names(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a value of the claim and the name of a role, in their order."""
        pairs = (entry.rpartition("=") for entry in _listed(self.oidc_roles))
        return tuple((value.strip(), role.strip()) for value, _, role in pairs)

    @property
    def sql_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'gateway.db').absolute()}"

    @property
    def valkey_socket(self) -> Path:
        """Where the embedded Valkey listens: in the data folder, or in the temp folder where that path is too long."""
        path = self.data_dir.absolute() / "valkey.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
        mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ehsaas-{mark}" / "valkey.sock"

    @property
    def store_url(self) -> str:
        """The Redis URL in force."""
        return f"unix://{quote(str(self.valkey_socket))}" if self.redis_url == "embedded" else self.redis_url

    @property
    def aggregator_url(self) -> str:
        """Base address of the aggregator's API, or empty for its own."""
        if self.africastalking_url or self.env == "production":
            return self.africastalking_url
        return f"http://127.0.0.1:{self.port}/simulator"


def load() -> Settings:
    """The settings of this process. Raises SettingsError with one line a fault."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in fault["loc"]).upper()
            lines.append((f"GATEWAY_{name}: " if name else "") + fault["msg"].removeprefix("Value error, "))
        raise SettingsError("\n".join(lines)) from None


def _listed(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in text.split(",")) if piece]


def _parse_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in _listed(text):
        kid, _, body = part.partition(":")
        try:
            key = base64.b64decode(body, validate=True)
        except ValueError:
            key = b""
        if not kid.isalnum() or len(key) != 32:
            raise ValueError("each key is `id:base64 of 32 bytes`, the id letters and digits")
        keys[kid] = key
    if not keys:
        raise ValueError("at least one key is needed")
    return keys
