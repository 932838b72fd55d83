"""Kinds of place, in our words, with the ids of the OpenOOH venue taxonomy.

Ids are those of OpenOOH 1.2 (Apache-2.0, github.com/openooh/venue-taxonomy). A reader that knows
only 1.1 is given `openooh_1_1`: the same id where 1.1 had it, else the nearest it knows. Where the
taxonomy has no word for a Vietnamese place (a market, a commune office) ours stands alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Venue:
    """A kind of place; `openooh` is None where the taxonomy has no fitting type."""

    kind: str
    vi: str
    en: str
    openooh: int | None
    openooh_1_1: int | None

    def name(self, language: str) -> str:
        """Its name; English for any language but Vietnamese."""
        return self.vi if language == "vi" else self.en


def _venue(kind: str, vi: str, en: str, openooh: int | None, older: int | None = None) -> Venue:
    return Venue(kind, vi, en, openooh, older or openooh)


_ALL = (
    _venue("residential_elevator", "Thang máy chung cư", "Residential elevator", 110102),
    _venue("residential_lobby", "Sảnh chung cư", "Residential lobby", 110101),
    _venue("office_elevator", "Thang máy văn phòng", "Office elevator", 70101),
    _venue("office_lobby", "Sảnh văn phòng", "Office lobby", 70102),
    _venue("hotel_elevator", "Thang máy khách sạn", "Hotel elevator", 80702),
    _venue("hotel_lobby", "Sảnh khách sạn", "Hotel lobby", 80701),
    _venue("hotel_room", "Phòng khách sạn", "Hotel room", 80703),
    _venue("train_station", "Ga tàu hỏa", "Train station", 10604, 106),
    _venue("train_platform", "Sân ga", "Train platform", 10602),
    _venue("train", "Trên tàu hỏa", "On a train", 10601),
    _venue("bus_station", "Bến xe", "Bus station", 10202),
    _venue("bus", "Trên xe buýt", "On a bus", 10201),
    _venue("bus_shelter", "Trạm chờ xe buýt", "Bus shelter", 303),
    _venue("metro_station", "Ga metro", "Metro station", 10503, 105),
    _venue("metro_platform", "Sân ga metro", "Metro platform", 10502),
    _venue("airport_arrivals", "Ga đến sân bay", "Airport arrivals", 10101),
    _venue("airport_baggage", "Băng chuyền hành lý", "Airport baggage claim", 10102),
    _venue("airport_departures", "Ga đi sân bay", "Airport departures", 10103),
    _venue("airport_gate", "Cửa ra máy bay", "Airport gate", 10105),
    _venue("airport_lounge", "Phòng chờ sân bay", "Airport lounge", 10106),
    _venue("port", "Cảng, bến phà", "Port or ferry terminal", 10703, 107),
    _venue("ferry", "Trên tàu, phà", "On a ferry", 10701, 107),
    _venue("rest_stop", "Trạm dừng nghỉ", "Highway rest stop", 109, 202),
    _venue("fuel_station", "Trạm xăng dầu", "Fuel station", 201),
    _venue("mall", "Trung tâm thương mại", "Shopping mall", 20501),
    _venue("mall_food_court", "Khu ẩm thực", "Mall food court", 20502),
    _venue("supermarket_entrance", "Cửa siêu thị", "Supermarket entrance", 20301),
    _venue("supermarket_checkout", "Quầy thu ngân siêu thị", "Supermarket checkout", 20302),
    _venue("convenience_store", "Cửa hàng tiện lợi", "Convenience store", 202),
    _venue("market", "Chợ", "Traditional market", 216, 203),
    _venue("pharmacy", "Nhà thuốc", "Pharmacy", 207),
    _venue("restaurant", "Nhà hàng", "Restaurant", 805),
    _venue("hospital", "Bệnh viện", "Hospital", 504, 501),
    _venue("clinic", "Trạm y tế, phòng khám", "Clinic", 501),
    _venue("school", "Trường học", "School", 601),
    _venue("college", "Trường đại học, cao đẳng", "College or university", 602),
    _venue("tourist_site", "Điểm du lịch", "Tourist site", 801),
    _venue("museum", "Bảo tàng", "Museum", 80102),
    _venue("stadium", "Sân vận động", "Stadium", 80301),
    _venue("public_square", "Quảng trường, bảng LED", "Public square LED board", 304, 30103),
    _venue("street_panel", "Bảng điện tử đường phố", "Street panel", 302),
    _venue("post_office", "Bưu điện", "Post office", 903),
    _venue("bank", "Ngân hàng", "Bank", 1001),
    _venue("commune_office", "Trụ sở UBND", "People's Committee office", None),
    _venue("community_house", "Nhà văn hóa", "Community house", None),
    _venue("other", "Nơi khác", "Other place", None),
)

VENUES: dict[str, Venue] = {venue.kind: venue for venue in _ALL}
