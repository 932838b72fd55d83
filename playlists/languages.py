"""From a location's mix of languages to the order in which they take turns."""

from collections.abc import Mapping

LONGEST = 12


def rotation(mix: Mapping[str, int]) -> tuple[str, ...]:
    """A short cycle in which each language comes in proportion to its weight, spread evenly.

    ``{"vi": 60, "en": 40}`` gives five turns. A mix that needs more than twelve turns is rounded; every language with
    a positive weight keeps at least one.
    """
    weights = {language: weight for language, weight in mix.items() if weight > 0}
    if not weights:
        return ()
    turns = _turns(weights)
    due = sorted(
        ((2 * turn + 1) / (2 * count), -count, language) for language, count in turns.items() for turn in range(count)
    )
    return tuple(language for _, _, language in due)


def _turns(weights: dict[str, int]) -> dict[str, int]:
    """Turns of each language in the shortest cycle that is exact, else in the one of LONGEST turns or so."""
    total = sum(weights.values())
    for length in range(1, LONGEST + 1):
        if all(weight * length % total == 0 for weight in weights.values()):
            return {language: weight * length // total for language, weight in weights.items()}
    return {language: max(1, round(weight * LONGEST / total)) for language, weight in weights.items()}
