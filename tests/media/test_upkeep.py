"""What is no longer wanted goes, what is needed stays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from core.errors import Conflict, NotFound
from core.services import Services
from media import actions, queries, upkeep
from media.geometry import Shape
from media.jobs import render
from media.models import Asset, Creative
from media.shelf import Draft, put_bytes
from media.store import Store
from media.upkeep import Quota, sweep
from media.wishes import CreativeWish
from tests.media.conftest import encoded
from tests.support.clock import FrozenClock

MakeDraft = Callable[[bytes], Draft]


@pytest.fixture(autouse=True)
def one_small_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "USUAL_SHAPES", (Shape(360, 640),))


@pytest.fixture
def asset(services: Services, draft: MakeDraft, photo: Image.Image) -> Asset:
    content = encoded(photo.resize((64, 48)), "PNG")
    return actions.receive_upload(services, draft(content), name="a.png", owner_path="/79/", by="usr_1")[0]


def shown(services: Services, asset: Asset) -> Creative:
    wish = CreativeWish("Poster", {"vi": {"headline": "Cài đặt"}}, asset.id)
    now = services.clock.now()
    creative = services.db.write(lambda s: actions.create_creative(s, wish, owner_path="/79/", by="usr_1", now=now))
    render(services, {"creative_id": creative.id})
    return creative


def retire(services: Services, asset: Asset) -> Asset:
    return services.db.write(lambda s: upkeep.retire_asset(s, asset.id, now=services.clock.now()))


def test_it_works(services: Services, asset: Asset) -> None:
    assert retire(services, asset).state == "retired"
    with services.db.read() as s:
        assert queries.assets(s, ["/"]) == []
    assert services.db.write(lambda s: upkeep.restore_asset(s, asset.id)).state == "ready"


def test_what_is_shown_cannot_be_retired(services: Services, asset: Asset) -> None:
    shown(services, asset)
    with pytest.raises(Conflict, match="Poster"):
        retire(services, asset)


def test_what_is_not_there_cannot_be_retired(services: Services) -> None:
    with pytest.raises(NotFound):
        services.db.write(lambda s: upkeep.retire_asset(s, "ast_none", now=services.clock.now()))


def test_the_same_bytes_bring_a_retired_asset_back(
    services: Services, asset: Asset, draft: MakeDraft, photo: Image.Image
) -> None:
    retire(services, asset)
    content = encoded(photo.resize((64, 48)), "PNG")
    again, is_new = actions.receive_upload(services, draft(content), name="b.png", owner_path="/79/", by="usr_1")
    assert (again.id, again.state, is_new) == (asset.id, "ready", False)


def test_a_sweep_takes_orphans_after_a_week(services: Services, store: Store, clock: FrozenClock, asset: Asset) -> None:
    creative = shown(services, asset)
    orphan = put_bytes(store.public, b"nobody's", store.drafts).sha256
    sweep(services)
    assert store.public.has(orphan)
    clock.advance(seconds=timedelta(days=8).total_seconds())
    sweep(services)
    assert not store.public.has(orphan)
    with services.db.read() as s:
        (row,) = queries.renditions(s, creative.id)
    assert store.public.has(row.sha256)
    assert store.originals.has(asset.sha256)


def test_a_retired_asset_is_forgotten_after_a_month(
    services: Services, store: Store, clock: FrozenClock, asset: Asset
) -> None:
    retire(services, asset)
    for days in (31, 8):
        clock.advance(seconds=timedelta(days=days).total_seconds())
        sweep(services)
    assert not store.originals.has(asset.sha256)
    with services.db.read() as s:
        assert queries.asset(s, asset.id) is None


def test_a_quota_that_is_used_up_refuses(
    services: Services, store: Store, asset: Asset, draft: MakeDraft, photo: Image.Image
) -> None:
    content = encoded(photo.resize((65, 48)), "PNG")
    quotas = [Quota("/", 10**9), Quota("/79/", asset.bytes + len(content) - 1)]
    with pytest.raises(Conflict, match="retire what is no longer needed"):
        actions.receive_upload(services, draft(content), name="c.png", owner_path="/79/", by="usr_1", quotas=quotas)
    assert list(store.drafts.iterdir()) == []


def test_a_flattened_picture_has_the_code_in_it(services: Services, client: FlaskClient, asset: Asset) -> None:
    creative = shown(services, asset)
    with services.db.read() as s:
        (row,) = queries.renditions(s, creative.id)
    answer = client.get(f"/media/flat/{row.sha256}/K7F3Q9ZT.jpg")
    file = Path(services.settings.data_dir) / "flat.jpg"
    file.write_bytes(answer.data)
    with Image.open(file) as image:
        assert [one.text for one in zxingcpp.read_barcodes(image.convert("L"))] == ["HTTP://LOCALHOST:8000/Q/K7F3Q9ZT"]
    assert client.get(f"/media/flat/{'0' * 64}/K7F3Q9ZT.jpg").status_code == 404
    assert client.get(f"/media/flat/{row.sha256}/short.jpg").status_code == 404
