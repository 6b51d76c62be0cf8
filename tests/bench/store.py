"""The stores of a bench: a Valkey of its own on the load's core, and SQLite with the demo registry."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psutil

from gateway import compose, demo, migrations
from gateway.settings import Settings
from gateway.valkey import Valkey
from tests.bench.processes import LOAD_CORE, ROOT


@contextlib.contextmanager
def embedded_store(folder: Path) -> Iterator[str]:
    """Address of a fresh Valkey, append-only file on as in `make run`."""
    with Valkey(folder / "valkey", folder / "valkey.sock") as valkey:
        if valkey.pid:
            psutil.Process(valkey.pid).cpu_affinity([LOAD_CORE])
        yield valkey.url


def prepared(folder: Path, store_url: str) -> dict[str, str]:
    """Environment of a gateway whose schema stands and whose demo registry is loaded."""
    settings = Settings(data_dir=folder, redis_url=store_url, menus=ROOT / "menus", config=ROOT / "config")
    migrations.upgrade(settings.sql_url)
    services = compose.build(settings)
    demo.load(services, print)
    services.database.close()
    return {
        "GATEWAY_DATA_DIR": str(folder),
        "GATEWAY_REDIS_URL": store_url,
        "GATEWAY_MENUS": str(ROOT / "menus"),
        "GATEWAY_CONFIG": str(ROOT / "config"),
        "GATEWAY_LOG_LEVEL": "error",
        "GATEWAY_SERVICE_CODES": "*8171#",
    }
