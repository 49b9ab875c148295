"""Images as pixels for a terminal: decoded, scaled and encoded anew by a process of its own (``services.picture_reader``)."""

from __future__ import annotations

import json
import re
import struct
import sys

from sqlmodel import Session

from tui_desk.contracts.reading import Content, Picture, PictureForm, ShowPicture
from tui_desk.core.errors import Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.db.engine import Database
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.bounded_process import run_bounded
from tui_desk.services.content import bytes_of
from tui_desk.services.context import require

CPU_SECONDS = 10
WALL_SECONDS = 60.0
"""A busy machine gives a process only a part of its time; CPU is what ends one that decodes too long."""
MOST_BYTES = 32 * 1024 * 1024
"""A larger file is not decoded."""
MOST_PIXELS = 2_000
"""Wanted at most, in each direction."""
_MOST_OUT = 16 * 1024 * 1024
_SIXEL = re.compile(rb'[0-9;"#!$\-?-~]*')
_PNG = b"\x89PNG\r\n\x1a\n"


def show(database: Database, actor: Actor, request: ShowPicture) -> Picture:
    """Opens no transaction while it decodes. Raises NotFound, Unavailable, UsageError."""
    require(actor, Permission.VIEW)
    if request.content not in (Content.ATTACHMENT, Content.DOCUMENT):
        raise UsageError(_("This is no file."))
    with database.reading() as session:
        content = _bytes(session, request)
    return drawn(content, request.form, request.width, request.height)


def _bytes(session: Session, request: ShowPicture) -> bytes:
    return bytes_of(session, request.content, request.id)[0]


def drawn(
    content: bytes,
    form: PictureForm,
    width: int,
    height: int,
    *,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: float = WALL_SECONDS,
) -> Picture:
    """Draw an image file. What the process answers is checked: nothing but pixels comes out. Raises Unavailable."""
    if len(content) > MOST_BYTES:
        raise Unavailable(_("The image is too large to be shown: save it to look at it."))
    box = [str(max(1, min(MOST_PIXELS, side))) for side in (width, height)]
    # -P: no module is taken from the folder that the desk was started in
    ended = run_bounded(
        [
            sys.executable,
            "-P",
            "-m",
            "tui_desk.services.picture_reader",
            form.value,
            *box,
            str(cpu_seconds),
        ],
        content,
        seconds=wall_seconds,
        most=_MOST_OUT,
    )
    line, _end, data = ended.out.partition(b"\n")
    try:
        head = json.loads(line)
        shown = Picture(form, int(head["width"]), int(head["height"]), data)
    except (ValueError, KeyError, TypeError):
        raise Unavailable(_refusal(line, late=ended.timed_out or ended.status < 0)) from None
    if not _is_whole(shown):
        raise Unavailable(_("The image cannot be read: it is damaged."))
    return shown


def _refusal(line: bytes, *, late: bool) -> str:
    if b'"large"' in line:
        return _("The image has too many pixels to be shown: save it to look at it.")
    if late and not line:
        return _("Reading the image took too long and was stopped.")
    return _("The image cannot be read: it is damaged.")


def _is_whole(picture: Picture) -> bool:
    """Whether the data is what it should be: a process that was taken over by what it read must not reach the terminal."""
    if not (0 < picture.width <= MOST_PIXELS and 0 < picture.height <= MOST_PIXELS):
        return False
    if picture.form is PictureForm.RGB:
        return len(picture.data) == 3 * picture.width * picture.height
    if picture.form is PictureForm.SIXEL:
        return _SIXEL.fullmatch(picture.data) is not None
    size = struct.pack(">II", picture.width, picture.height)
    return picture.data.startswith(_PNG) and picture.data[16:24] == size
