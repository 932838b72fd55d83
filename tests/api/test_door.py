"""The door of the API: keys, bodies, and how refusals look."""

import pytest

from people.actions import revoke_key
from people.queries import api_keys
from people.roles import SYSTEM
from tests.api.conftest import Script, World


def test_it_works(admin: Script) -> None:
    assert admin.get("/areas").status_code == 200


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Bearer bt_12345678_secret", "Basic YTpi", "bt_12345678_secret"],
)
def test_without_a_good_key_nothing_opens(world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    refused = Script(world.client, None, headers).get("/areas")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.json["status"] == 401


def test_the_right_prefix_with_a_wrong_secret_opens_nothing(world: World, admin: Script) -> None:
    assert admin.key is not None
    forged = Script(world.client, admin.key[:-4] + "AAAA")
    assert forged.get("/areas").status_code == 401


def test_a_revoked_key_opens_nothing(world: World, admin: Script) -> None:
    with world.services.db.read() as s:
        key_id = api_keys(s)[0].id
    world.services.db.write(lambda s: revoke_key(s, key_id, by=SYSTEM, now=world.services.clock.now()))
    assert admin.get("/areas").status_code == 401


def test_a_keys_last_use_is_noted(world: World, admin: Script) -> None:
    admin.get("/areas")
    with world.services.db.read() as s:
        assert api_keys(s)[0].used_at == world.services.clock.now()


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_another_content_type_is_refused(admin: Script, mimetype: str) -> None:
    refused = admin.post("/areas", data=b'{"code": "94", "name": "x"}', headers={"Content-Type": mimetype})
    assert refused.status_code == 415
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"\xff\xfe", b"[" * 50_000, b'{"code": NaN}', b"null trailing"])
def test_broken_json_is_refused(admin: Script, body: bytes) -> None:
    refused = admin.post("/areas", data=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 400
    assert refused.json["title"] == "The request cannot be read"


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"7"])
def test_json_of_another_shape_is_refused(admin: Script, body: bytes) -> None:
    refused = admin.post("/areas", data=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422


def test_an_oversized_body_is_refused(admin: Script) -> None:
    refused = admin.post("/areas", data=b" " * 1_000_001, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=ten", "limit=-1", "cursor=%21", "limit=1&limit=2"])
def test_a_bad_page_is_refused(admin: Script, query: str) -> None:
    refused = admin.get(f"/areas?{query}")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] in ("limit", "cursor")


def test_an_unknown_address_is_told_in_json(admin: Script) -> None:
    refused = admin.get("/nothing-of-ours")
    assert refused.status_code == 404
    assert refused.mimetype == "application/problem+json"


def test_a_wrong_method_names_the_right_ones(admin: Script) -> None:
    refused = admin.send("PUT", "/areas")
    assert refused.status_code == 405
    assert set(refused.json["allow"]) >= {"GET", "POST"}


def test_head_answers_like_get(admin: Script) -> None:
    got, head = admin.get("/areas/93"), admin.send("HEAD", "/areas/93")
    assert head.status_code == 200
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.data == b""
