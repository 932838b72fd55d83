"""The gate's findings in words for operators."""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import gettext as _


def sentence(code: str, values: Mapping[str, float]) -> str:
    """One finding as a sentence in the current language."""
    return _sentences().get(code, code) % dict(values)


def suggestion(width_pct: int, geometry: str) -> str:
    """What would mend it. `geometry` is the key of a Geometry, such as 0.25mm@3.0m."""
    distance = geometry.partition("@")[2].removesuffix("m")
    return _("Make the code at least %(width)s %% wide for %(distance)s m", width=width_pct, distance=distance)


def _sentences() -> dict[str, str]:
    return {
        "zxing_cannot_read": _("The first decoder does not read the link off the picture"),
        "zbar_cannot_read": _("The second decoder does not read the link off the picture"),
        "inverted": _("The code is light on dark; many phones read only dark on light"),
        "modules_wrong": _("%(count)d of the code's squares are covered or damaged"),
        "quiet_zone": _("The white border around the code is missing or disturbed"),
        "low_contrast": _("Light and dark of the code differ too little"),
        "broken_pixels": _("The code's squares are not whole pixels wide"),
        "too_small": _("A square of the code has %(module_px)g pixels; this distance needs %(needed_px)d"),
        "captures_zxing": _("The first decoder read %(read)d of %(of)d simulated photographs"),
        "captures_zbar": _("The second decoder read %(read)d of %(of)d simulated photographs"),
        "one_decoder": _("Only one decoder judged: the system package libzbar0 is not installed"),
        "lamps_show": _("From so near a camera sees single lamps; the code reads from %(distance_m)g m away"),
        "no_room": _("This board is too small for a code; it shows a short address instead"),
    }
