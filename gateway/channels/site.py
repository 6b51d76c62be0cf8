"""Flask with the way to the webhooks made short: of their addresses and answers nothing has to be worked out in a hop.

A third of what bare Flask spends on a request is for hosts, variables in addresses, redirects and streams, which
webhooks do without.
"""

from collections.abc import Callable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Request, Response
from werkzeug.routing import MapAdapter, Rule


class Site(Flask):
    """The application. An address that was fixed is looked up; any other is matched as ever."""

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self._fixed: dict[tuple[str, str], MapAdapter] = {}

    def fix(self, blueprint: str) -> None:
        """Look the addresses of a blueprint up from now on. They hold no variables and depend on no host."""
        for rule in self.url_map.iter_rules():
            if rule.endpoint.startswith(f"{blueprint}."):
                adapter = _Fixed(rule)
                # What may be asked of an address is worked out by matching, so that question is not answered here.
                methods = set(rule.methods or ()) - {"OPTIONS"}
                self._fixed.update(((method, rule.rule), adapter) for method in methods)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is not None:
            environ = request.environ
            fixed = self._fixed.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            if fixed is not None:
                return fixed
        return super().create_url_adapter(request)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view of ours is a coroutine, so none need be looked at to find out."""
        return func


class _Fixed(MapAdapter):
    """What Flask asks which rule a request fits: always this one."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.map, "localhost", "/", "", "http", rule.rule, "POST")
        self._rule = rule

    def match(self, *_args: Any, **_named: Any) -> tuple[Any, dict[str, Any]]:
        return self._rule, {}


class Line(Response):
    """A short plain text, sent as it stands: no address in it to complete, no stream to close."""

    def __init__(self, text: str) -> None:
        # With its charset: else Werkzeug looks for a header that is not there, and for a charset that is known.
        super().__init__(text, content_type="text/plain; charset=utf-8")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response
