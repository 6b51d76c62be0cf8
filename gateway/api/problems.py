"""What went wrong, as application/problem+json (RFC 9457). Says which field, never what somebody typed into it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, json
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from gateway import telemetry
from gateway.errors import GatewayError

log = structlog.get_logger()

TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is a refusal. faults: `{"index": place in the batch or null, "field": ..., "what": ...}` each."""

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults, self.headers = status, detail, faults, headers or {}


def unfit(field: str, what: str) -> Problem:
    """A field whose value cannot be."""
    return Problem(422, "the request does not fit", [{"index": None, "field": field, "what": what}])


def answer(problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.detail,
        "faults": list(problem.faults),
    }
    return Response(json.dumps(body), problem.status, mimetype=TYPE, headers=dict(problem.headers))


def add(api: APIFlask) -> None:
    @api.errorhandler(Problem)
    def refused(problem: Problem) -> Response:
        return answer(problem)

    @api.errorhandler(HTTPError)
    def unfitting(error: HTTPError) -> Response:
        faults = list(_faults(error.detail or {}))
        return answer(Problem(error.status_code, "the request does not fit", faults))

    @api.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        headers = {
            name: value
            for name, value in error.get_headers()
            if name not in {"Content-Type", "Content-Length"}
        }
        status = error.code or 500
        return answer(Problem(status, HTTP_STATUS_CODES.get(status, "").lower(), headers=headers))

    @api.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        # Only the class: an error's text may hold what somebody typed.
        log.error("api_failed", error=type(error).__name__, code=getattr(error, "code", ""))
        if isinstance(error, OperationalError) or (isinstance(error, GatewayError) and error.retryable):
            return answer(Problem(503, "not now, please send it again", headers={"Retry-After": "5"}))
        return answer(Problem(500, "something broke here"))


def _faults(detail: Mapping[Any, Any]) -> Iterator[dict[str, Any]]:
    """The faults that a schema found, by location, flat."""
    for told in detail.values():
        for path, what in _flat(told, ()):
            index = next((part for part in path if isinstance(part, int)), None)
            names = [str(part)[:40] for part in path if not isinstance(part, int) and part != "_schema"]
            field = ".".join(names[1:] if index is not None and len(names) > 1 else names)
            yield {"index": index, "field": telemetry.without_persons(field), "what": what}


def _flat(told: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(told, Mapping):
        for name, inner in told.items():
            yield from _flat(inner, (*path, name))
    elif isinstance(told, list):
        for inner in told:
            yield from _flat(inner, path)
    else:
        yield path, str(told)
