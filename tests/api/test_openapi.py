"""The OpenAPI document: valid, whole, readable; and the API keeps to it."""

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from api.kit import OPERATIONS, PREFIX
from core.i18n import messages
from tests.api.conftest import Script


@pytest.fixture
def doc(client: FlaskClient) -> dict:
    return client.get(f"{PREFIX}/openapi.json").json


def test_it_works(doc: dict) -> None:
    validate(doc)
    assert doc["openapi"] == "3.1.0"
    assert doc["servers"] == [{"url": "http://localhost:8000/api/v1"}]
    made = doc["paths"]["/areas"]["post"]
    assert made["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/AreaIn"}
    assert set(made["responses"]) >= {"201", "400", "401", "403", "404", "409", "413", "415", "422"}


def test_every_call_stands_in_it(app: Flask, doc: dict) -> None:
    told = {(method.upper(), path) for path, methods in doc["paths"].items() for method in methods}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    served = {
        (method, rule.rule.removeprefix(PREFIX).replace("<", "{").replace(">", "}"))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served - {("GET", "/openapi.json"), ("GET", "/docs")} == told


def test_bodies_refuse_what_they_do_not_know(doc: dict) -> None:
    shapes = doc["components"]["schemas"]
    bodies = [each.body.__name__ for each in OPERATIONS if each.body is not None]
    assert not [name for name in bodies if shapes[name].get("additionalProperties") is not False]


def test_it_is_cheap_to_ask_again(client: FlaskClient) -> None:
    first = client.get(f"{PREFIX}/openapi.json")
    assert client.get(f"{PREFIX}/openapi.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(("language", "said"), [("vi", "Tạo khu vực."), ("en", "Make an area.")])
def test_the_page_reads_in_both_languages(client: FlaskClient, language: str, said: str) -> None:
    page = client.get(f"{PREFIX}/docs", headers={"Accept-Language": language})
    assert page.mimetype == "text/html"
    assert f'<html lang="{language}">' in page.text
    assert said in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_the_page_asks_no_other_host(client: FlaskClient) -> None:
    page = client.get(f"{PREFIX}/docs").text
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_every_call_is_told_in_vietnamese(doc: dict) -> None:
    calls = [op for ops in doc["paths"].values() for op in ops.values()]
    words = {op["summary"] for op in calls} | {tag for op in calls for tag in op["tags"]}
    assert not sorted(words - set(messages("vi")))


def test_the_document_is_for_everybody(client: FlaskClient) -> None:
    assert client.get(f"{PREFIX}/docs").status_code == 200
    assert Script(client, None).get("/openapi.json").status_code == 200
