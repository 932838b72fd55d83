"""Screens as OpenRTB speaks of them."""

from tests.api.conftest import Script, World
from tests.api.test_locations import STATION

PANEL = {"location": "ga-2", "name": "Cầu tàu", "width": 1080, "height": 1920}


def test_it_works(admin: Script) -> None:
    admin.post("/locations", STATION | {"audience_source": "Đếm tay, tháng 8"})
    made = admin.post("/screens", PANEL).json
    (spot,) = admin.get("/openrtb/spots").json["items"]
    assert spot["id"] == made["id"]
    assert spot["test"] == 0
    assert spot["dooh"] == {
        "id": made["id"],
        "name": "Bến tàu Ninh Kiều: Cầu tàu",
        "venuetype": ["107"],
        "venuetypetax": 5,
        "keywords": "port,sông,du lịch",
    }
    geo = {"country": "VNM", "lat": 9.784, "lon": 105.47, "type": 1}
    assert spot["device"] == {"devicetype": 8, "w": 1080, "h": 1920, "geo": geo}
    assert spot["imp"][0]["qty"] == {"multiplier": 12.5, "sourcetype": 2}
    assert spot["imp"][0]["banner"] == {"mimes": ["image/jpeg"], "w": 1080, "h": 1920}


def test_what_nobody_has_said_is_left_open(admin: Script) -> None:
    admin.post("/locations", {"code": "cho", "name": "Chợ", "area": "93", "venue_kind": "commune_office"})
    admin.post("/screens", PANEL | {"location": "cho", "testing": True})
    (spot,) = admin.get("/openrtb/spots").json["items"]
    assert (spot["dooh"]["venuetype"], spot["test"]) == ([], 1)
    assert spot["device"]["geo"] == {"country": "VNM"}
    assert spot["imp"][0]["qty"] == {"multiplier": 1.0, "sourcetype": 0}


def test_only_the_screens_of_ones_own_areas(admin: Script, world: World) -> None:
    admin.post("/locations", STATION)
    admin.post("/screens", PANEL)
    assert world.script("viewer", "/33/").get("/openrtb/spots").json["items"] == []


def test_a_list_goes_on(admin: Script) -> None:
    admin.post("/locations", STATION)
    made = sorted(admin.post("/screens", PANEL | {"name": name}).json["id"] for name in "abc")
    first = admin.get("/openrtb/spots?limit=2").json
    rest = admin.get(f"/openrtb/spots?limit=2&cursor={first['next']}").json
    assert [one["id"] for one in first["items"] + rest["items"]] == made
