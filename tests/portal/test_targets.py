"""Where a grant may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gateways.targets import is_base, origin, same_gateway

BASE = "http://10.77.0.1:2050"


def test_it_works() -> None:
    assert same_gateway("http://10.77.0.1:2050/opennds_auth/?tok=1", BASE)
    assert same_gateway("10.77.0.1:2050", BASE)


@pytest.mark.parametrize(
    "trick",
    [
        "http://10.77.0.1",
        "https://10.77.0.1:2050/",
        "http://10.77.0.1:2051/",
        "http://10.77.0.1:2050@evil.example/",
        "http://evil.example#@10.77.0.1:2050/",
        "http://evil.example\\@10.77.0.1:2050/",
        "http://10.77.0.1:2050.evil.example/",
        "http://10.77.0.1:2050\\.evil.example/",
        "//10.77.0.1:2050/",
        "http:10.77.0.1:2050/",
        "http:///10.77.0.1:2050/",
        " http://10.77.0.1:2050/",
        "http://10.77.0.1:2050\t/",
        "ht\ntp://10.77.0.1:2050/",
        "javascript://10.77.0.1:2050/%0aalert(1)",
        "data:text/html,http://10.77.0.1:2050",
        "http://１０.77.0.1:2050/",
        "http://10.77.0.1:2050%2f@evil.example/",
        "http://0x0a4d0001:2050/",
        "http://10.77.1:2050/",
        "http://172818433:2050/",
        "http://[::ffff:10.77.0.1]:2050/",
        "http://10.77.0.1.:2050/",
        "http://10.77.0.1:99999/",
        "http://10.77.0.1:+2050/",
        "http://user@10.77.0.1:2050/",
        "",
    ],
)
def test_anything_else_is_another_gateway(trick: str) -> None:
    assert not same_gateway(trick, BASE)


def test_a_star_stands_for_any_host_below_a_name() -> None:
    base = "https://*.network-auth.com"
    assert same_gateway("https://n143.network-auth.com/splash/grant", base)
    assert not same_gateway("https://network-auth.com.evil.example/", base)
    assert not same_gateway("https://evilnetwork-auth.com/", base)
    assert not same_gateway("https://network-auth.com/", base)


def test_the_usual_port_may_be_left_out() -> None:
    assert same_gateway("http://gw.example/", "http://gw.example:80")


@pytest.mark.parametrize(
    "base",
    [
        "http://10.77.0.1:2050/path",
        "http://h?x",
        "http://h#x",
        "ftp://h",
        "10.77.0.1:2050",
        "http://",
        "http://a b",
        "http://[",
        "http://[::1",
        "http://a]b",
        "https://*.[x",
    ],
)
def test_a_base_is_scheme_host_and_port_alone(base: str) -> None:
    assert not is_base(base)
    assert is_base(BASE)
    assert is_base("https://*.network-auth.com")


@given(st.text(alphabet="htps:/[]@.*?#\\%a1 \x00", max_size=30))
def test_whatever_an_operator_types_gets_an_answer(typed: str) -> None:
    for base in (typed, "http://" + typed, "https://*." + typed):
        assert is_base(base) in (True, False)
        assert same_gateway(base, BASE) in (True, False)


def test_an_origin_is_in_lower_case() -> None:
    assert origin("HTTP://GW.Example:8080/a") == ("http", "gw.example", 8080)
