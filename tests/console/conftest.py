"""The console on the whole gateway, with the demo's staff."""

import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from tests.parts.console import Colleague


@pytest.fixture
def colleague(gateway):
    """A function: somebody new at her own address, not signed in."""

    def colleague(address="10.0.0.1"):
        return Colleague(gateway.client.application.test_client(), address)

    return colleague


@pytest.fixture
def served():
    """A context: the gateway's application on a port of its own; its address."""

    @contextmanager
    def served(gateway):
        server = make_server("127.0.0.1", 0, gateway.client.application, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)
        server.server_close()

    return served


@pytest.fixture(scope="module")
def colleagues(shared_gateway):
    """A function: somebody of the demo's staff at a gateway that a module's tests share, signed in once."""
    known = {}

    def colleagues(name):
        if name not in known:
            client = shared_gateway.client.application.test_client()
            known[name] = Colleague(client, f"10.9.0.{len(known)}").sign_in(name)
        return known[name]

    return colleagues
