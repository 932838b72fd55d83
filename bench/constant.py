"""What the poll is measured against: Flask answering the same thing every time, under the same gunicorn."""

from functools import cache

from flask import Flask, Response

app = Flask(__name__)


@app.get("/304")
def unchanged() -> Response:
    response = Response(status=304)
    response.headers["ETag"] = '"constant"'
    response.headers["Cache-Control"] = "no-cache"
    return response


@app.get("/to/<code>")
def to(code: str) -> Response:
    response = Response(status=302)
    response.headers["Location"] = "https://play.google.com/store/apps/details?id=com.mic.bluezone&referrer=constant"
    response.headers["Cache-Control"] = "no-store"
    return response


@app.get("/bytes/<int:size>")
def changed(size: int) -> Response:
    return Response(_bytes(size), mimetype="application/json")


@cache
def _bytes(size: int) -> bytes:
    return b"x" * size
