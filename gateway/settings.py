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
DEMO_API_KEY = "demo-api-key"
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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged"
    )

    @field_validator("secret_keys")
    @classmethod
    def _readable_keys(cls, value: SecretStr) -> SecretStr:
        _parse_keys(value.get_secret_value())
        return value

    @field_validator("hook_token")
    @classmethod
    def _fit_for_an_address(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[\w.~-]*", value.get_secret_value(), re.ASCII):
            raise ValueError("letters, digits, `.`, `_`, `~` and `-` only: it stands in an address")
        return value

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


def _parse_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
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
