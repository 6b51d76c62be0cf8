"""The web process: webhooks, health, metrics, the console, and in the demo the simulator."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from wsgiref.types import WSGIApplication

import structlog
from flask import Flask, Response, jsonify, redirect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from gateway import compose, migrations, settings, telemetry
from gateway.api import Mounted
from gateway.channels import web
from gateway.channels.site import Site
from gateway.console import blueprint as console
from gateway.db import WAIT_SECONDS
from gateway.errors import GatewayError
from gateway.scrape import Scrape
from gateway.services import Services
from gateway.simulator import blueprint as simulator

log = structlog.get_logger()


def create_app(services: Services) -> Flask:
    """The Flask application on these services."""
    app = Site("gateway")
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    chosen = services.settings
    if chosen.api:
        app.wsgi_app = Mounted(app.wsgi_app, services, compose.ports(services))  # type: ignore[method-assign]
    if chosen.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=chosen.trusted_proxies, x_proto=chosen.trusted_proxies
        )
    hops = compose.hops(services)
    for aggregator in compose.aggregators(chosen):
        app.register_blueprint(web.hooks(services, aggregator, hops))
        app.fix(aggregator.name)
    if chosen.console:
        app.register_blueprint(console(services))
    _refuse_demo_accounts(services)
    if chosen.env == "demo":
        _add_simulator(app, services)
    _add_health(app, services)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse:
        return Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        # Only the class: an error's text may hold what somebody typed.
        log.error("request_failed", error=type(error).__name__, code=getattr(error, "code", ""))
        code = 503 if isinstance(error, GatewayError) and error.retryable else 500
        return Response("not now, please send it again\n", code, mimetype="text/plain")

    return app


def _refuse_demo_accounts(services: Services) -> None:
    """Raises SettingsError where production has them. A database that cannot be asked yet is one that /readyz tells of;
    such an account cannot sign in to production either way.
    """
    with suppress(SQLAlchemyError):
        services.staff.accounts.refuse_demo()


def _add_simulator(app: Flask, services: Services) -> None:
    chosen = services.settings
    app.register_blueprint(
        simulator(
            gateway_url=f"http://127.0.0.1:{chosen.port}",
            token=chosen.hook_token.get_secret_value(),
            service_code="*8171#",
            store=Path(chosen.data_dir) / "simulator.db",
            cast=Path(chosen.config) / "demo" / "cast.csv",
            api_key=chosen.africastalking_api_key.get_secret_value(),
            username=chosen.africastalking_username,
        )
    )

    @app.get("/")
    def front() -> AnyResponse:
        return redirect("/simulator")


def _add_health(app: Flask, services: Services) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        parts = {
            "database": _state(services.core.ping),
            "schema": _state(lambda: migrations.require_current(services.database)),
            "store": _state(services.sessions.ping),
        }
        ready = all(state == "ready" for state in parts.values())
        return jsonify(ready=ready, parts=parts), 200 if ready else 503

    numbers = Scrape(services)

    @app.get("/metrics")
    def metrics() -> Response:
        body, content_type = numbers.page()
        return Response(body, content_type=content_type)


def _state(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - each part's own failure is the answer
        return f"not ready: {getattr(error, 'code', type(error).__name__)}"
    return "ready"


def wsgi() -> WSGIApplication:
    """What the web server loads."""
    chosen = settings.load()
    telemetry.set_up(chosen)
    return create_app(compose.build(chosen, patience=WAIT_SECONDS))
