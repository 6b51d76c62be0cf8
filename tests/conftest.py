"""Real parts for every test: Valkey, SQLite, PostgreSQL, the aggregator's stand-in, and the whole gateway on them."""

from hypothesis import settings

# The same examples each time: a red run is a change's doing, and comes again.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

pytest_plugins = [
    "tests.parts.valkey", "tests.parts.databases", "tests.parts.aggregator", "tests.parts.gateway", "tests.parts.browser",
    "tests.parts.no_skips", "tests.parts.provider",
]  # fmt: skip
