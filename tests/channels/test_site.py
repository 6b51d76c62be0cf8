"""A site answers as Flask does, to whatever is asked, wherever it takes a shorter way."""

import pytest
from flask import Blueprint, Flask, Response, request

from gateway.channels.site import Line, Site


def built(kind, line):
    app = kind("site")
    hooks = Blueprint("hooks", __name__, url_prefix="/hooks/token")
    seen = []

    @hooks.before_request
    def before():
        seen.append((request.endpoint, request.path, request.view_args))

    @hooks.route("/ussd", methods=["GET", "POST", "PUT"])
    def ussd():
        return line(f"CON {request.method} ٹھیک")

    @hooks.post("/broken")
    def broken():
        raise RuntimeError

    @app.get("/page/<name>")
    def page(name):
        return f"{name} {request.url}"

    @app.after_request
    def stamp(response):
        response.headers["X-Seen"] = str(len(seen))
        return response

    app.register_blueprint(hooks)
    return app, seen


def plain(text):
    return Response(text, content_type="text/plain; charset=utf-8")


@pytest.fixture
def pair():
    site, flask = built(Site, Line), built(lambda name: Flask(name, static_folder=None), plain)
    site[0].fix("hooks")
    return site, flask


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/hooks/token/ussd", "/hooks/token/ussd?a=1", "/hooks/token/ussd/", "/hooks/token//ussd", "/hooks/other/ussd",
     "/hooks/token/broken", "/page/a%20b", "/nothing"],
)  # fmt: skip
def test_it_answers_as_flask_does(pair, method, path):
    (site, site_seen), (flask, flask_seen) = pair
    ours, theirs = (app.test_client().open(path, method=method, data="x") for app in (site, flask))
    assert (ours.status, sorted(ours.headers), ours.data) == (
        theirs.status,
        sorted(theirs.headers),
        theirs.data,
    )
    assert site_seen == flask_seen


def test_one_bodys_view_arguments_are_not_the_nexts(pair):
    (site, seen), _ = pair
    client = site.test_client()
    client.post("/hooks/token/ussd")
    seen[0][2]["left"] = "behind"
    client.post("/hooks/token/ussd")
    assert seen[1] == ("hooks.ussd", "/hooks/token/ussd", {})
