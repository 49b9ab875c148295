"""Reads an image from standard input in a process of its own, and writes it scaled and encoded anew.

Images are made to crash decoders, to fill memory, to take hours. So whoever wants one (``services.pictures``) starts this module, which
takes limits that the system enforces, opens formats with plain decoders only, and refuses what has too many pixels before it decodes any.

Output: one line of JSON (``{"width": w, "height": h}``, or ``{"refused": "large" | "broken"}``), then the data.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MEMORY = 768 * 1024 * 1024
"""Bytes of address space."""
PIXELS = 40_000_000
"""An image of more is not decoded: 40 megapixels are 120 MB."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
COLOURS = 128
"""Of a Sixel image."""
_SIGNS = bytes(min(63 + bits, 126) for bits in range(256))
_RUN = re.compile(rb"(.)\1{3,}")


def main(form: str, width: int, height: int, cpu_seconds: int) -> int:
    """Draw standard input into at most ``width`` × ``height`` pixels, as ``rgb``, ``png`` or ``sixel``."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, cpu_seconds),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    try:
        head, data = _drawn(sys.stdin.buffer.read(), form, width, height)
    except Exception:  # noqa: BLE001 - the border of this process: a hostile file makes the library raise whatever there is
        head, data = {"refused": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)
    sys.stdout.buffer.flush()
    return 0


def _drawn(content: bytes, form: str, width: int, height: int) -> tuple[dict[str, object], bytes]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and told in words
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS:
            return {"refused": "large"}, b""
        opened.draft("RGB", (width, height))  # JPEG: decode no more than is needed
        shown = ImageOps.exif_transpose(opened).convert("RGBA")
    shown.thumbnail((width, height))
    flat = Image.new("RGB", shown.size, (255, 255, 255))
    flat.paste(shown, mask=shown.getchannel("A"))
    return {"width": flat.width, "height": flat.height}, _encoded(flat, form)


def _encoded(image: Image, form: str) -> bytes:
    if form == "png":
        out = BytesIO()
        image.quantize(256).save(out, "PNG", optimize=False)
        return out.getvalue()
    return sixel(image) if form == "sixel" else image.tobytes()


def sixel(image: Image) -> bytes:
    """The image as Sixel data (DEC STD 070, 9.4): colours, then bands of six lines, each colour of a band run-length encoded."""
    reduced = image.quantize(COLOURS)
    palette = reduced.getpalette() or []
    indexes, width, height = reduced.tobytes(), image.width, image.height
    out = [b'"1;1;%d;%d' % (width, height)]
    for number in range(min(COLOURS, len(palette) // 3)):
        red, green, blue = (round(value * 100 / 255) for value in palette[3 * number : 3 * number + 3])
        out.append(b"#%d;2;%d;%d;%d" % (number, red, green, blue))
    for top in range(0, height, 6):
        rows = [indexes[y * width : (y + 1) * width] for y in range(top, min(top + 6, height))]
        out.append(b"$".join(_one_colour(rows, colour) for colour in sorted(set().union(*rows))) + b"-")
    return b"".join(out)


def _one_colour(rows: list[bytes], colour: int) -> bytes:
    """Where a band has one colour: a character for each column, runs of more than three counted."""
    bits = 0
    for line, row in enumerate(rows):
        table = bytes(1 << line if index == colour else 0 for index in range(256))
        bits |= int.from_bytes(row.translate(table))
    columns = bits.to_bytes(len(rows[0])).rstrip(b"\0").translate(_SIGNS)
    return b"#%d" % colour + _RUN.sub(lambda run: b"!%d%b" % (len(run[0]), run[1]), columns)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:5])))
