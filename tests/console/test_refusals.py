"""Refusals are told in the person's language, whatever numbers and names stand in them."""

import pytest
from flask import Flask, g

from console.refusals import TEMPLATES, say


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("must be a whole number from 1 to 100", "phải là số nguyên từ 1 đến 100"),
        ("must be from 5 to 80", "phải từ 5 đến 80"),
        ("must have 12 to 256 characters", "phải có từ 12 đến 256 ký tự"),
        ("the code 'BENXE' is taken", "mã 'BENXE' đã có rồi"),
        ("has passed", "đã qua"),
        ("something that nobody thought of", "something that nobody thought of"),
    ],
)
def test_a_refusal_is_translated(app: Flask, english: str, vietnamese: str) -> None:
    with app.test_request_context():
        g.language = "vi"
        assert say(english) == vietnamese


def test_in_english_it_stays_as_it_was_said(app: Flask) -> None:
    with app.test_request_context():
        g.language = "en"
        assert say("the code 'X' is taken") == "the code 'X' is taken"


def test_translations_keep_as_many_places(app: Flask) -> None:
    with app.test_request_context():
        g.language = "vi"
        assert all(say(one).count("{}") == one.count("{}") for one in TEMPLATES)
