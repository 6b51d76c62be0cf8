"""The yardstick: the least that Flask does for a POST, with and without its form parser."""

from flask import Flask, Response, request

app = Flask("hello", static_folder=None)


@app.post("/hello")
def hello() -> Response:
    return Response("CON Hello", mimetype="text/plain")


@app.post("/form")
def form() -> Response:
    return Response(f"CON {len(request.form['text'])}", mimetype="text/plain")


@app.get("/healthz")
def healthz() -> Response:
    return Response("ok", mimetype="text/plain")
