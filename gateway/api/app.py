"""The application behind /api/v1."""

from apiflask import APIFlask
from flask import Response, request

from gateway import __version__
from gateway.api import PREFIX, case_acts, cases, document, messages, payments, problems, sessions
from gateway.api.access import Gate
from gateway.api.ports import Ports
from gateway.services import Services

_LONGEST = 1024 * 1024  # bytes of a body


def create_api(services: Services, ports: Ports) -> APIFlask:
    """The whole API on these services."""
    api = APIFlask(
        "gateway.api",
        title="Ehsaas gateway",
        version=__version__,
        spec_path=f"{PREFIX}/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    api.config.update(MAX_CONTENT_LENGTH=_LONGEST, **document.CONFIG)
    gate = Gate(api, services)
    problems.add(api)
    payments.add(api, gate, services, ports)
    messages.add(api, gate, services)
    cases.add(api, gate, ports)
    case_acts.add(api, gate, services, ports)
    sessions.add(api, gate, services)
    api.spec_processor(document.complete)  # type: ignore[arg-type] # it is a dict where the format is JSON

    @api.after_request
    def finish(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        # A single thing is often asked for again to see whether it moved on.
        if request.method == "GET" and request.view_args and response.status_code == 200:
            response.add_etag()
            response.make_conditional(request)
        return response

    return api
