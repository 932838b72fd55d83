"""Six renditions of one photograph, as the job process draws them; imports what that needs and nothing else."""

import io

from PIL import Image

from media import qr
from media.compose import compose
from media.design import Design
from media.encoding import encode
from media.geometry import Shape
from media.layout import QrWish
from media.picture import Levels

SIX = [Shape(*size) for size in ((1080, 1920), (1920, 1080), (1280, 720), (1024, 768), (800, 480), (400, 300))]
TEXT = qr.payload("https://go.syt.vn", "K7F3Q9ZT")
PLAIN = Design("vi", qr=QrWish())
WORDS = Design("vi", "Cài Bluezone để bảo vệ bạn", "Miễn phí", qr=QrWish())


def six_renditions(content: bytes, design: Design) -> None:
    """Each with a code laid on it, as for players that cannot."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.load()
    master = Levels(image)
    for shape in SIX:
        made = compose(design, shape, master.near(shape.width, shape.height), 33)
        if made.qr:
            made.image.paste(qr.drawing(TEXT, made.qr.width), made.qr[:2])
        encode(made.image, is_photo=True)
