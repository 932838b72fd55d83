"""What phones' systems ask, and the exact bytes of "on line"."""

import pytest

from portal.probes import bare_host, is_probe, online_answer


@pytest.mark.parametrize(
    ("host", "path", "status", "body"),
    [
        (
            "captive.apple.com",
            "/hotspot-detect.html",
            200,
            b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>",
        ),
        ("connectivitycheck.gstatic.com", "/generate_204", 204, b""),
        ("connectivitycheck.platform.hicloud.com", "/generate_204", 204, b""),
        ("connect.rom.miui.com", "/generate_204", 204, b""),
        ("www.msftconnecttest.com", "/connecttest.txt", 200, b"Microsoft Connect Test"),
        ("www.msftncsi.com", "/ncsi.txt", 200, b"Microsoft NCSI"),
        ("detectportal.firefox.com", "/success.txt", 200, b"success\n"),
        ("edge.microsoft.com", "/captiveportal/generate_204", 204, b""),
    ],
)
def test_it_works(host: str, path: str, status: int, body: bytes) -> None:
    online = online_answer(host, path)
    assert online is not None
    assert (online.status, online.body) == (status, body)


def test_a_system_that_opens_its_browser_is_never_told_that_it_is_on_line() -> None:
    assert is_probe("www.msftconnecttest.com", "/redirect")
    assert online_answer("www.msftconnecttest.com", "/redirect") is None


def test_a_strangers_page_is_no_probe() -> None:
    assert not is_probe("example.com", "/")
    assert online_answer("example.com", "/") is None


def test_a_host_is_read_without_port_and_case() -> None:
    assert bare_host("Captive.Apple.COM:80") == "captive.apple.com"
    assert bare_host("captive.apple.com.") == "captive.apple.com"
