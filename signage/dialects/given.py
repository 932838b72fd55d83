"""What was given to players of other makes to play, remembered so that their reports can be read, late ones too."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from core.db import Database
from measure.rows import put
from signage import queries
from signage.dialects.programme import Manifest
from signage.models import GivenEntry
from signage.queries import Given

MOST_REMEMBERED = 50_000
_COLUMNS = ("entry", "creative_id", "placement_id", "duration_ms")
_Facts = tuple[str, str | None, int]


class GivenEntries:
    """Every entry that was given, by its id. A process remembers those that it met."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._met: dict[str, Given] = {}

    def give(self, manifest: Manifest) -> Mapping[str, Given]:
        """The manifest's entries go to a player: from now on its reports may name them. For each id what is kept."""
        facts = {name: (one.creative, one.placement, one.duration_ms) for name, one in manifest.entries.items()}
        new = {name: what for name, what in facts.items() if _facts(self._met.get(name)) != what}
        if new:
            self._meet(self._db.write(lambda s: _keep(s, new)))
        return {name: self._met[name] for name in facts}

    def of(self, names: Iterable[str]) -> Mapping[str, Given]:
        """Those of these ids that were ever given."""
        wanted = set(names)
        if unmet := sorted(wanted - self._met.keys()):
            with self._db.read() as s:
                self._meet(queries.given_entries(s, unmet))
        return {name: self._met[name] for name in wanted if name in self._met}

    def numbered(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """The entries of these numbers, for protocols that name things by number."""
        with self._db.read() as s:
            return queries.given_numbers(s, sorted(set(numbers)))

    def _meet(self, found: Mapping[str, Given]) -> None:
        if len(self._met) + len(found) > MOST_REMEMBERED:
            self._met = {}
        self._met = {**self._met, **found}


def _facts(held: Given | None) -> _Facts | None:
    return held and (held.creative_id, held.placement_id, held.duration_ms)


def _keep(s: Session, new: Mapping[str, _Facts]) -> Mapping[str, Given]:
    """Another process may give the same entries at the same moment: whoever is later finds them there."""
    put(s, GivenEntry, _COLUMNS, [(name, *facts) for name, facts in sorted(new.items())], new=False)
    for row in queries.given_rows(s, sorted(new)):
        row.creative_id, row.placement_id, row.duration_ms = new[row.entry]
    s.flush()
    return queries.given_entries(s, sorted(new))
