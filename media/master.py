"""The master of a picture: upright, in sRGB, eight bits, and nothing in it but pixels."""

from __future__ import annotations

import io
import math
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

MASTER_PIXELS = 24_000_000  # enough to fill 3840 × 2160 from any cut that a screen asks for
_QUALITY = 92
_SRGB = ImageCms.createProfile("sRGB")
_TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")


def normalised(image: Image.Image) -> Image.Image:
    """A new RGB or RGBA picture from a decoded one; transparent parts stay transparent."""
    upright = ImageOps.exif_transpose(image)
    plain = _in_srgb(upright, image.info.get("icc_profile"))
    scaled = _within(plain, MASTER_PIXELS)
    # A fresh picture: whatever the file carried in its info (comments, XMP, positions) stays behind.
    clean = Image.new(scaled.mode, scaled.size)
    clean.paste(scaled)
    return clean


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    transparent = image.mode in _TRANSPARENT or "transparency" in image.info
    wanted = "RGBA" if transparent else "RGB"
    if profile and (converted := _by_profile(image, profile, wanted)):
        return converted
    return image.convert(wanted)


def _by_profile(image: Image.Image, profile: bytes, wanted: str) -> Image.Image | None:
    """Through the embedded profile; None where it is garbage, so that the numbers are taken as sRGB."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode in ("RGBA", "LA", "PA", "P"):
            image = image.convert(wanted)
        if image.mode != "RGBA":
            return ImageCms.profileToProfile(image, source, _SRGB, outputMode=wanted)
        opaque = ImageCms.profileToProfile(image.convert("RGB"), source, _SRGB, outputMode="RGB")
        assert opaque is not None  # it is None only where the change is made in place
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    opaque.putalpha(image.getchannel("A"))
    return opaque


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen and more bits of grey, by their own range: Pillow's convert would cut them off at 255."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.convert("I").point(lambda value: value / 257).convert("L")
    return image.convert("L")


def _within(image: Image.Image, pixels: int) -> Image.Image:
    area = image.width * image.height
    if area <= pixels:
        return image
    scale = math.sqrt(pixels / area)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def write_master(picture: Image.Image, target: Path, *, is_photo: bool) -> str:
    """Writes the master and returns its type: JPEG for photographs, PNG for drawings and transparency."""
    if is_photo and picture.mode == "RGB":
        picture.save(target, "JPEG", quality=_QUALITY, subsampling=0)
        return "image/jpeg"
    picture.save(target, "PNG", compress_level=3)
    return "image/png"
