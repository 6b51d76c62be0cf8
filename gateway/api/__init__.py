"""/api/v1: JSON for core systems and other tools, on the same services and the same rules of access as the console.

An application of its own beside the webhooks': built with the first request for it, so that neither a start nor a hop pays.
"""

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from gateway.api.ports import Ports

if TYPE_CHECKING:
    from gateway.services import Services

PREFIX = "/api/v1"


class Mounted:
    """Sends what begins with /api/v1 to the API, all else on."""

    def __init__(self, inner: WSGIApplication, services: "Services", ports: Ports) -> None:
        self._inner = inner
        self._services = services
        self._ports = ports
        self._api: WSGIApplication | None = None
        self._building = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: Any = environ["PATH_INFO"]
        if path.startswith("/api/"):
            return self._built()(environ, start_response)
        return self._inner(environ, start_response)

    def _built(self) -> WSGIApplication:
        with self._building:
            if self._api is None:
                from gateway.api.app import create_api  # noqa: PLC0415 - a fifth of a second, for its first caller

                self._api = create_api(self._services, self._ports).wsgi_app
        return self._api


__all__ = ["PREFIX", "Mounted", "Ports"]
