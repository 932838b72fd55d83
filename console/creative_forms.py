"""The creative editor's form: what was typed as a wish for ``media``, and a creative as a form."""

from console.forms import Form
from core.i18n import gettext as _
from media.models import Creative
from media.wishes import DEFAULT_BACKGROUND, CreativeWish, parse_qr

LANGUAGES = ("vi", "en")
PARTS = (("headline", "headline"), ("call_to_action", "action"), ("on_phone", "phone"))  # with their fields
NAMES = {"asset": "asset", "qr": "qr_corner", "focal": "focal_x", "texts": "headline_vi"} | {
    f"texts.{language}.{part}": f"{short}_{language}" for language in LANGUAGES for part, short in PARTS
}


def fits() -> list[tuple[str, str]]:
    return [
        ("cover", _("Fill the screen – edges may be cut off")),
        ("contain", _("Show all of it – on the background colour")),
        ("blur", _("Show all of it – on a blurred copy of itself")),
    ]


def corners() -> list[tuple[str, str]]:
    return [
        ("bottom-right", _("Bottom right")),
        ("bottom-left", _("Bottom left")),
        ("top-right", _("Top right")),
        ("top-left", _("Top left")),
        ("", _("No QR code")),
    ]


def corner_name(corner: str) -> str:
    """Where the code stands, in words."""
    return dict(corners()).get(corner, corner)


def new(asset_id: str) -> Form:
    """The form of a new creative, with what suits most."""
    return Form(
        {
            "asset": asset_id,
            "duration_s": 10,
            "fit": "cover",
            "background": DEFAULT_BACKGROUND,
            "qr_corner": "bottom-right",
            "qr_width_pct": 30,
            "focal_x": 50,
            "focal_y": 50,
        }
    )


def wish(form: Form) -> CreativeWish | None:
    """What the form asks for, or None when a field could not be read. Raises Invalid for the code's place."""
    seconds, width = form.number("duration_s"), form.number("qr_width_pct")
    focal = [form.number(name) for name in ("focal_x", "focal_y")]
    corner = form.text("qr_corner")
    if form.errors:
        return None
    return CreativeWish(
        name=form.text("name"),
        texts=_texts(form),
        asset_id=form.maybe("asset"),
        duration_ms=round(1000 * (10 if seconds is None else seconds)),
        fit=form.text("fit") or "cover",
        focal=((50 if focal[0] is None else focal[0]) / 100, (50 if focal[1] is None else focal[1]) / 100),
        background=form.text("background") or DEFAULT_BACKGROUND,
        qr=parse_qr(corner, 30 if width is None else width) if corner else None,
        sound=form.ticked("sound"),
    )


def _texts(form: Form) -> dict[str, dict[str, str]]:
    """Vietnamese always; English where anything is typed in it."""
    found = {}
    for language in LANGUAGES:
        said = {part: form.text(f"{short}_{language}") for part, short in PARTS}
        if language == "vi" or any(said.values()):
            found[language] = {part: text for part, text in said.items() if text}
    return found


def of_creative(creative: Creative) -> Form:
    values: dict[str, object] = {
        "name": creative.name,
        "asset": creative.asset_id or "",
        "duration_s": f"{creative.duration_ms / 1000:g}",
        "fit": creative.fit,
        "background": creative.background,
        "sound": "1" if creative.sound else "",
        "qr_corner": creative.qr_corner or "",
        "qr_width_pct": f"{creative.qr_width_pct or 30:g}",
        "focal_x": round(creative.focal_x * 100),
        "focal_y": round(creative.focal_y * 100),
    }
    for language, said in creative.texts.items():
        values |= {f"{short}_{language}": said.get(part, "") for part, short in PARTS}
    return Form(values)


def keeps_all(creative: Creative) -> bool:
    """Whether the form shows every language of it; what a script wrote beyond would be lost."""
    return set(creative.texts) <= set(LANGUAGES)
