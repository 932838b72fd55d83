"""Players of other makes, as people choose them and as they are warned of them."""

from collections.abc import Iterator

from console.words import command_name
from core.i18n import gettext as _
from signage.dialects.table import ALL_COMMANDS, DIALECTS, OWN, Dialect

SLOW_S = 90  # a change takes that long: worth saying


def options() -> list[tuple[str, str]]:
    """For a choice: (name, title), our own player first."""
    own = _("Our own player, in a browser")
    return [(one.name, own if one.name == OWN else one.title) for one in DIALECTS.values()]


def lacks(make: Dialect) -> list[str]:
    """What a player of this make cannot do, a sentence each; nothing for our own."""
    return list(_lacks(make))


def _lacks(make: Dialect) -> Iterator[str]:
    if make.poll_s > SLOW_S:
        yield _("A change or a takeover may take %(minutes)s minutes to reach it.", minutes=round(make.poll_s / 60))
    if not make.overlays:
        yield _("It cannot lay a QR code on a film: its pictures carry the code, its films show none.")
    if not make.confirms_takeovers:
        yield _("It does not confirm that it shows a takeover.")
    if not make.tells_display:
        yield _("It does not say whether its panel is on: every play counts as shown.")
    if not make.checks_signature:
        yield _("It does not check who signed its programme: point it here by https.")
    missing = [command_name(one) for one in ALL_COMMANDS if one not in make.commands]
    if missing:
        yield _("It cannot be asked to: %(commands)s.", commands=", ".join(missing))
