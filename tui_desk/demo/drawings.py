"""The photos that people of the sample desk attach: drawn, since nobody took them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_WIDTH, _HEIGHT = 320, 200


def picture(name: str) -> bytes:
    """The picture of that file name as PNG: a charger with a bent pin, else a tent with a torn seam."""
    from PIL import Image, ImageDraw  # only the demo pays for it

    image = Image.new("RGB", (_WIDTH, _HEIGHT), "#c8a878")
    (_charger if "charger" in name else _tent)(ImageDraw.Draw(image))
    written = BytesIO()
    image.quantize(16).save(written, "PNG", optimize=True)
    return written.getvalue()


def _charger(draw: ImageDraw) -> None:
    """A white brick on a desk with its cable; the lower one of its two pins is bent."""
    draw.rectangle((0, 150, _WIDTH, _HEIGHT), fill="#9a7a50")
    draw.rectangle((24, 60, 70, 74), fill="#505458")
    draw.polygon(((70, 98), (70, 112), (54, 118), (38, 140), (26, 132), (44, 104)), fill="#c03020")
    draw.rounded_rectangle((66, 36, 170, 136), radius=16, fill="#f4f4f4", outline="#a0a0a0", width=4)
    draw.ellipse((104, 72, 132, 100), outline="#c8c8c8", width=5)
    draw.rectangle((170, 82, 188, 94), fill="#b0b0b0")
    draw.line((188, 88, 232, 88), fill="#f4f4f4", width=10)
    draw.arc((184, 84, 280, 178), 270, 90, fill="#f4f4f4", width=10)
    draw.line((232, 174, 206, 174), fill="#f4f4f4", width=10)
    draw.rounded_rectangle((176, 162, 212, 184), radius=5, fill="#e0e0e0", outline="#a0a0a0", width=2)
    draw.rectangle((162, 168, 176, 178), fill="#505458")


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
