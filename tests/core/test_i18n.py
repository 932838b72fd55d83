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


def test_parameters_of_templates_are_escaped() -> None:
    app = Flask("x")
    i18n.install(app)
    with app.test_request_context():
        shown = app.jinja_env.from_string("{{ _('Hello %(name)s', name=n) }}").render(n="<b>")
    assert shown == "Hello &lt;b&gt;"
