import pytest
from flask import Flask

from core import i18n


def test_vietnamese_is_spoken_first() -> None:
    with Flask("x").test_request_context():
        assert i18n.gettext("There is nothing here") == "Không có gì ở đây"


def test_english_when_the_browser_prefers_it() -> None:
    with Flask("x").test_request_context(headers={"Accept-Language": "en-GB,vi;q=0.4"}):
        assert i18n.gettext("There is nothing here") == "There is nothing here"


def test_the_cookie_decides() -> None:
    with Flask("x").test_request_context(headers={"Accept-Language": "en", "Cookie": "language=vi"}):
        assert i18n.current_language() == "vi"


def test_a_strange_cookie_is_ignored() -> None:
    with Flask("x").test_request_context(headers={"Accept-Language": "en", "Cookie": "language=../../etc"}):
        assert i18n.current_language() == "en"


def test_what_somebody_sent_is_escaped_where_a_refusal_quotes_it() -> None:
    app = Flask("x")
    i18n.install(app)
    with app.test_request_context():
        page = app.jinja_env.from_string("{{ _(said) }}").render(said="there is no area '<script>'")
    assert "<script>" not in page


def test_parameters_of_templates_are_escaped() -> None:
    app = Flask("x")
    i18n.install(app)
    with app.test_request_context():
        shown = app.jinja_env.from_string("{{ _('Hello %(name)s', name=n) }}").render(n="<b>")
    assert shown == "Hello &lt;b&gt;"


@pytest.mark.parametrize(
    ("sent", "chosen"),
    [
        ("zh-TW,en;q=0.5", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("pt-BR,fr;q=0.2", "fr"),
        ("ko;q=0,en", "en"),
        ("xx, *;q=0.1", "vi"),
        ("", "vi"),
    ],
)
def test_the_languages_of_travellers(sent: str, chosen: str) -> None:
    with Flask("x").test_request_context(headers={"Accept-Language": sent}):
        assert i18n.choose(("vi", "en", "zh-Hans", "zh-Hant", "ko", "fr")) == chosen
