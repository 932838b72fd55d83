"""GET /manifest: bytes from memory, the same until there is a reason, never older than two seconds."""

import base64
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from core.services import Services
from media.encoding_queries import wanted_encodings
from media.models import Encoding, Rendition
from people.roles import SYSTEM
from places.actions import update_location
from playlists import actions as playlists
from signage import actions
from signage.desk import Desk, desk_of
from tests.signage.world import Player, draw, hang, make_creative, make_places, on_sqlite, publish, take_over
from tests.support.clock import FrozenClock


def test_it_works(player: Player) -> None:
    answer = player.get("manifest")
    told = answer.get_json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert told["screen"]["id"] == player.screen
    played = {told["entries"][entry]["creative"] for entry in told["programme"][0]["loop"]}
    assert played == {"crv_a", "crv_b"}
    codes = {entry["qr"]["code"] for entry in told["entries"].values() if entry["campaign"]}
    assert len(codes) == 2


@on_sqlite
@pytest.mark.parametrize("form", ['"{}"', "{}", 'W/"{}"', '"x", "{}"', "*"])
def test_what_the_player_has_is_not_sent_again(player: Player, form: str) -> None:
    etag = player.get("manifest").headers["ETag"].strip('"')
    answer = player.get("manifest", If_None_Match=form.format(etag))
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == f'"{etag}"'


@on_sqlite
def test_a_head_is_answered_like_a_get(player: Player) -> None:
    whole = player.get("manifest")
    head = player.client.head("/api/v1/player/manifest", headers={"Authorization": f"Bearer {player.token}"})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["ETag"] == whole.headers["ETag"]


@on_sqlite
@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer wrong", "Basic eDp5", "Bearer " + "x" * 5000])
def test_without_a_valid_token_nothing_is_told(player: Player, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = player.client.get("/api/v1/player/manifest", headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_unchanged_poll_touches_no_row(player: Player, world: Services) -> None:
    etag = player.get("manifest").headers["ETag"]
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    engines: list[Engine] = [world.db.engine, world.db._reader]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    assert player.get("manifest", If_None_Match=etag).status_code == 304
    assert statements == []


def test_what_is_published_shows_within_two_seconds(player: Player, world: Services, clock: FrozenClock) -> None:
    before = player.get("manifest").headers["ETag"]
    now = clock.advance(seconds=60)
    world.db.write(lambda s: make_creative(s, "crv_c", now))
    world.db.write(lambda s: publish(s, now, "crv_c"))
    clock.advance(seconds=2)
    after = player.get("manifest")
    assert after.headers["ETag"] != before
    assert "crv_c" in {entry["creative"] for entry in after.get_json()["entries"].values()}


def test_a_takeover_is_told_and_ends(player: Player, world: Services, clock: FrozenClock) -> None:
    before = player.get("manifest").get_json()
    now = clock.now()
    takeover = world.db.write(lambda s: take_over(s, now, "crv_b", minutes=30))
    clock.advance(seconds=2)
    during = player.get("manifest").get_json()
    assert during["takeover"]["id"] == takeover
    assert during["revision"] != before["revision"]
    world.db.write(lambda s: playlists.end_takeover(s, takeover, by=SYSTEM, now=clock.now()))
    clock.advance(seconds=2)
    assert player.get("manifest").get_json()["takeover"] is None


@on_sqlite
def test_memory_never_outlives_the_next_change(player: Player, world: Services, clock: FrozenClock) -> None:
    """A takeover's end needs no one to publish it."""
    now = clock.now()
    world.db.write(lambda s: take_over(s, now, "crv_b", minutes=1))
    clock.advance(seconds=3)
    assert player.get("manifest").get_json()["takeover"]
    clock.advance(seconds=57)
    assert player.get("manifest").get_json()["takeover"] is None


@on_sqlite
def test_a_new_cut_is_the_same_programme(player: Player, clock: FrozenClock) -> None:
    before = player.get("manifest")
    clock.advance(days=1)
    after = player.get("manifest")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.get_json()["revision"] == after.get_json()["revision"]


def test_a_renamed_screen_is_told_its_name(player: Player, world: Services, clock: FrozenClock) -> None:
    player.get("manifest")
    now = clock.advance(seconds=1)
    world.db.write(lambda s: actions.update(s, player.screen, {"name": "Sảnh"}, by=SYSTEM, now=now))
    clock.advance(seconds=2)
    assert player.get("manifest").get_json()["screen"]["name"] == "Sảnh"


def test_a_place_that_changes_its_clock_changes_its_screens(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    player.get("manifest")
    now = clock.advance(seconds=1)
    world.db.write(lambda s: update_location(s, "vt-01", {"timezone": "Asia/Bangkok"}, now=now))
    clock.advance(seconds=2)
    assert player.get("manifest").get_json()["screen"]["timezone"] == "Asia/Bangkok"


def test_a_screen_that_was_moved_plays_what_plays_there(player: Player, world: Services, clock: FrozenClock) -> None:
    player.get("manifest")
    now = clock.advance(seconds=1)
    world.db.write(lambda s: actions.move(s, player.screen, "bx-01", by=SYSTEM, now=now))
    clock.advance(seconds=2)
    told = player.get("manifest").get_json()
    assert told["screen"]["location"] == "bx-01"
    assert {entry["creative"] for entry in told["entries"].values()} == {"builtin"}


def test_a_picture_that_becomes_ready_joins_in(services: Services, client: FlaskClient, clock: FrozenClock) -> None:
    now = clock.now()

    def half_drawn(s: Session) -> None:
        make_places(s, now)
        make_creative(s, "builtin", now)
        make_creative(s, "crv_a", now)
        make_creative(s, "crv_b", now, drawn=False)
        publish(s, now, "crv_a", "crv_b")

    services.db.write(half_drawn)
    player = hang(services, client)
    assert "crv_b" not in {e["creative"] for e in player.get("manifest").get_json()["entries"].values()}
    services.db.write(lambda s: draw(s, "crv_b", now))
    clock.advance(seconds=2)
    assert "crv_b" in {e["creative"] for e in player.get("manifest").get_json()["entries"].values()}


@on_sqlite
def test_while_nothing_is_drawn_the_screen_is_asked_to_wait(services: Services, client: FlaskClient) -> None:
    now = services.clock.now()
    services.db.write(lambda s: make_places(s, now))
    answer = hang(services, client).get("manifest")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_revoked_key_is_nobodys_within_two_seconds(player: Player, world: Services, clock: FrozenClock) -> None:
    assert player.get("manifest").status_code == 200
    now = clock.advance(seconds=1)
    world.db.write(lambda s: actions.revoke_keys(s, player.screen, by=SYSTEM, now=now))
    clock.advance(seconds=2)
    assert player.get("manifest").status_code == 401


def test_a_closed_screen_is_nobodys(player: Player, world: Services, clock: FrozenClock) -> None:
    player.get("manifest")
    now = clock.advance(seconds=1)
    world.db.write(lambda s: actions.close(s, player.screen, by=SYSTEM, now=now))
    clock.advance(seconds=2)
    assert player.get("manifest").status_code == 401


def test_a_rotated_key_lives_on_until_the_new_one_has_arrived(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    now = clock.now()
    fresh = world.db.write(lambda s: actions.rotate_key(s, player.screen, by=SYSTEM, now=now))
    clock.advance(minutes=9)
    assert player.get("manifest").status_code == 200
    clock.advance(minutes=2)
    assert player.get("manifest").status_code == 401
    player.token = fresh
    assert player.get("manifest").status_code == 200


@on_sqlite
def test_screens_of_one_shape_at_one_place_share_a_plan(
    player: Player, world: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = hang(world, player.client, name="Thang máy B")
    first = player.get("manifest").get_json()
    monkeypatch.setattr("signage.sheets.lay_out", None)
    second = other.get("manifest").get_json()
    assert second["screen"]["name"] == "Thang máy B"
    assert first["entries"] == second["entries"]


@on_sqlite
def test_plans_are_kept_within_a_budget(player: Player, world: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    other = hang(world, player.client, location="bx-01")
    monkeypatch.setattr("signage.plans.TAILS_KEPT", 1)
    first = player.get("manifest")
    assert other.get("manifest").status_code == 200
    assert player.get("manifest").data == first.data


@on_sqlite
def test_forty_eight_hours_are_told_just_before_a_cut(player: Player, clock: FrozenClock) -> None:
    clock.step_to(clock.now().replace(hour=19, minute=59))
    told = player.get("manifest").get_json()
    assert told["programme"][-1]["until"] >= (clock.now() + timedelta(hours=48)).isoformat()[:19]


def test_a_manifest_is_signed_with_the_key_of_enrolment(player: Player, counter: Desk) -> None:
    answer = player.get("manifest")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(counter.signer.public))
    signature = base64.b64decode(answer.headers["Manifest-Signature"])
    key.verify(signature, answer.data)
    with pytest.raises(InvalidSignature):
        key.verify(signature, answer.data.replace(b"crv_a", b"crv_x"))


WEBP = "application/json, image/webp"


def encode(services: Services, creative: str, *, verdict: str = "passed") -> None:
    """What the drawing job leaves behind where a player has asked for WebP."""

    def work(s: Session) -> None:
        row = s.get_one(Rendition, (creative, "vi", 1080, 1920))
        key = {"creative_id": creative, "language": "vi", "width": 1080, "height": 1920, "accepts": "image/webp"}
        sha256 = row.sha256[::-1]
        s.add(
            Encoding(
                **key,
                of_sha256=row.sha256,
                sha256=sha256,
                bytes=600,
                mime="image/webp",
                score=0.98,
                judged={"": verdict},
            )
        )
        services.generation.bump(s, "programme")

    services.db.write(work)


def told_mimes(player: Player, **headers: str) -> set[str]:
    return {entry["mime"] for entry in player.get("manifest", **headers).get_json()["entries"].values()}


def test_a_player_is_given_pictures_that_it_decodes(player: Player, services: Services, clock: FrozenClock) -> None:
    encode(services, "crv_a")
    clock.advance(seconds=3)
    plain, other = player.get("manifest"), player.get("manifest", Accept=WEBP)
    assert told_mimes(player) == {"image/jpeg"}
    assert told_mimes(player, Accept=WEBP) == {"image/jpeg", "image/webp"}
    entries = [told["entries"][one] for told in (other.get_json(),) for one in told["entries"]]
    (webp,) = [entry for entry in entries if entry["mime"] == "image/webp"]
    assert webp["bytes"] == 600
    assert webp["media_url"] == f"/media/{webp['sha256']}.webp"
    assert plain.headers["ETag"] != other.headers["ETag"]
    assert plain.get_json()["revision"] == other.get_json()["revision"], "what is played is the same"
    assert plain.headers["Vary"] == other.headers["Vary"] == "Accept"


@on_sqlite
def test_each_way_of_asking_has_its_own_unchanged_answer(
    player: Player, services: Services, clock: FrozenClock
) -> None:
    encode(services, "crv_a")
    clock.advance(seconds=3)
    for accept in (WEBP, "*/*", WEBP):
        etag = player.get("manifest", Accept=accept).headers["ETag"]
        again = player.get("manifest", Accept=accept, If_None_Match=etag)
        assert (again.status_code, again.headers["Vary"]) == (304, "Accept")
        other = "*/*" if accept == WEBP else WEBP
        assert player.get("manifest", Accept=other, If_None_Match=etag).status_code == 200


@on_sqlite
def test_what_the_gate_refused_in_an_encoding_is_not_told(
    player: Player, services: Services, clock: FrozenClock
) -> None:
    encode(services, "crv_a", verdict="refused")
    clock.advance(seconds=3)
    assert told_mimes(player, Accept=WEBP) == {"image/jpeg"}


def test_what_a_player_decodes_is_remembered_for_its_shape_once(player: Player, services: Services) -> None:
    desk = desk_of(player.client.application)
    for _ in range(3):
        player.get("manifest", Accept=WEBP)
        player.get("manifest", Accept="image/*")
        desk.flush()
    with services.db.read() as s:
        assert wanted_encodings(s) == [(1080, 1920, "image/webp")]


@on_sqlite
def test_what_could_not_be_remembered_is_remembered_with_the_next(
    player: Player, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    desk = desk_of(player.client.application)
    player.get("manifest", Accept=WEBP)
    with monkeypatch.context() as patch:
        patch.setattr("signage.desk.want_encoding", full)
        desk.flush()
    desk.flush()
    with services.db.read() as s:
        assert len(wanted_encodings(s)) == 1
