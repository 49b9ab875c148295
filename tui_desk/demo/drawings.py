"""The photos that people of the sample desk attach: drawn, since nobody took them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_WIDTH, _HEIGHT = 320, 200


def picture(name: str) -> bytes:
    """The picture of that file name as PNG: a charger whose cable is burnt, else a tent with a torn seam."""
    from PIL import Image, ImageDraw  # only the demo pays for it

    image = Image.new("RGB", (_WIDTH, _HEIGHT), "#c8a878")
    (_charger if "charger" in name else _tent)(ImageDraw.Draw(image))
    written = BytesIO()
    image.quantize(16).save(written, "PNG", optimize=True)
    return written.getvalue()


def _charger(draw: ImageDraw) -> None:
    """A white brick with its pins on a desk, and the cable that is black where it goes in."""
    draw.rectangle((0, 150, _WIDTH, _HEIGHT), fill="#9a7a50")
    for top in (62, 98):
        draw.rectangle((18, top, 50, top + 12), fill="#707478")
    draw.rounded_rectangle((46, 36, 150, 136), radius=16, fill="#f4f4f4", outline="#a0a0a0", width=4)
    draw.ellipse((84, 72, 112, 100), outline="#c8c8c8", width=5)
    draw.line((150, 86, 190, 86), fill="#201810", width=14)
    draw.ellipse((150, 64, 196, 108), fill="#50301c")
    draw.ellipse((158, 74, 186, 98), fill="#100c08")
    draw.arc((150, 86, 270, 176), 270, 80, fill="#f4f4f4", width=10)
    draw.line((192, 88, 212, 88), fill="#f4f4f4", width=10)
    draw.line((224, 172, 196, 172), fill="#f4f4f4", width=10)
    draw.rounded_rectangle((166, 162, 202, 184), radius=5, fill="#e0e0e0", outline="#a0a0a0", width=2)
    draw.rectangle((152, 168, 166, 178), fill="#707478")


def _tent(draw: ImageDraw) -> None:
    """A tent on grass; its seam is open from the top to the middle."""
    draw.rectangle((0, 0, _WIDTH, 150), fill="#a8d0f0")
    draw.rectangle((0, 150, _WIDTH, _HEIGHT), fill="#5a9040")
    draw.polygon(((160, 24), (36, 168), (284, 168)), fill="#e08020")
    draw.polygon(((160, 24), (160, 168), (284, 168)), fill="#b86014")
    draw.polygon(((160, 104), (132, 168), (188, 168)), fill="#302018")
    draw.line((222, 96, 252, 168), fill="#7a3c0c", width=3)
    draw.polygon(
        ((208, 62), (216, 92), (212, 100), (226, 120), (222, 128), (244, 152), (232, 116), (236, 108)),
        fill="#100c08",
    )
