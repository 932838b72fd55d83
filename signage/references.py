"""What the references in a screen's log mean: a placement's campaign, an entry's language, everything's name."""

from collections.abc import Iterable, Iterator

from core.db import Database
from measure.ledger import PlayPlace
from measure.names import Named
from measure.playlog import PlayRow
from playlists.queries import placement
from signage.board import Board, Card
from signage.manifest import language_of

MOST_REMEMBERED = 100_000


class References:
    """Remembers what it looked up, for late plays refer to what is published no longer."""

    def __init__(self, db: Database, board: Board) -> None:
        self._db = db
        self._board = board
        self._campaigns: dict[str, str] = {}
        self._kept: set[Named] = set()

    def place(self, screen_id: str, rows: Iterable[PlayRow]) -> PlayPlace:
        """All that the ledger has to know about a batch of this screen. Raises KeyError for a screen that is gone."""
        rows = list(rows)
        card = self._board.card(screen_id)
        if card is None:
            raise KeyError(screen_id)
        campaigns = {each: self._campaign(each) for each in {row.placement or "" for row in rows} if each}
        return PlayPlace(
            screen_id=screen_id,
            # a screen under test hangs nowhere: its plays are kept and can be shown, and no report finds them
            location_id="" if card.testing else card.facts.location,
            area_path="" if card.testing else card.area_path,
            timezone=card.facts.timezone,
            campaigns=campaigns,
            languages={row.entry: language_of(row.entry) for row in rows},
            names=[one for one in self._names(card, rows, campaigns.values()) if one not in self._kept],
        )

    def kept(self, names: Iterable[Named]) -> None:
        """These names are in the database now; they need not be told again."""
        if len(self._kept) > MOST_REMEMBERED:
            self._kept.clear()
        self._kept.update(names)

    def _campaign(self, placement_id: str) -> str:
        found = self._campaigns.get(placement_id)
        if found is None:
            if len(self._campaigns) > MOST_REMEMBERED:
                self._campaigns.clear()
            found = self._campaigns[placement_id] = self._look_up(placement_id)
        return found

    def _look_up(self, placement_id: str) -> str:
        for campaign in self._board.world.campaigns:
            if any(one.id == placement_id for one in campaign.placements):
                return campaign.id
        with self._db.read() as s:
            row = placement(s, placement_id)
            return row.campaign_id if row else ""

    def _names(self, card: Card, rows: Iterable[PlayRow], campaigns: Iterable[str]) -> Iterator[Named]:
        world, played = self._board.world, {row.creative for row in rows}
        yield Named("screen", card.facts.id, card.facts.name)
        yield Named("location", card.facts.location, card.location_name)
        ours = set(campaigns)
        yield from (Named("campaign", one.id, one.name) for one in world.campaigns if one.id in ours)
        known = sorted(one for one in played if one in world.creatives)
        yield from (Named("creative", one, world.creatives[one].name) for one in known)
