"""`gateway serve`: the web server with its processes."""

from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

import click

if TYPE_CHECKING:
    from gateway.conversation.book import Book
    from gateway.settings import Settings


@click.command()
@click.option("--tied", type=int, hidden=True, help="Stop when the process of this id, the parent, is gone.")
def serve(tied: int | None) -> None:
    """Answer the aggregator's webhooks."""
    import os
    from tempfile import TemporaryDirectory

    from gateway import settings
    from gateway.parent import die_with_parent
    from gateway.start import check_folders, check_port

    chosen = settings.load()
    if tied:
        die_with_parent(tied)
    else:
        check_folders(chosen)
        check_port(chosen)  # the server would share it: two releases would answer in turns
    if chosen.web_processes == 1:
        _listen(chosen, tied=bool(tied))
        return
    with TemporaryDirectory(prefix="gateway-numbers-") as folder:
        # Written, not read: the metrics library looks for it when a web process first imports it.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _listen(chosen, tied=bool(tied))


def _listen(chosen: "Settings", *, tied: bool) -> None:
    import multiprocessing
    from functools import partial

    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    import gateway.app  # noqa: F401
    from gateway import compose, telemetry
    from gateway.parent import wait_for_parent

    telemetry.set_up(chosen)
    # Imported and read before the web processes are forked off: one that dies is back before a caller gives up, and a
    # broken menu is said once. The application itself, with its connections, is each process's own.
    multiprocessing.set_start_method("fork")
    book = compose.open_book(chosen)
    if tied:
        wait_for_parent()
    Server(
        "gateway.app:create_app",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # what aggregators and proxies speak; no request need be looked at to tell
        workers=chosen.web_processes,
        blocking_threads=chosen.web_threads,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        blocking_threads_idle_timeout=600,  # a thread keeps its connections, so it should live
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve(target_loader=partial(_application, chosen, book), wrap_loader=False)


def _application(chosen: "Settings", book: "Book") -> WSGIApplication:
    import os

    from gateway import compose
    from gateway.app import create_app
    from gateway.db import WAIT_SECONDS
    from gateway.errors import GatewayError
    from gateway.parent import die_with_parent

    die_with_parent(os.getppid())
    try:
        return create_app(compose.build(chosen, book, WAIT_SECONDS))
    except GatewayError as error:
        raise SystemExit(str(error)) from None
