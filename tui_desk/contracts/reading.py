"""Reading what others sent: previews of files, pictures, headers, and handing content to a program."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from threading import Event

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass


class Content(StrEnum):
    """What a number names."""

    ATTACHMENT = "attachment"
    DOCUMENT = "document"
    TEXT = "text"
    """The text of a message."""
    SOURCE = "source"
    """The mail as it arrived."""


@dataclass(frozen=True, slots=True)
class FilePreview:
    """A file as far as a terminal shows it: rows of a ``table``, or ``text``. ``note`` says what is left out, or why nothing can be
    shown. All of it is safe to show. ``picture``: :class:`ShowPicture` can draw it."""

    text: str
    table: tuple[tuple[str, ...], ...]
    note: str
    picture: bool = False


@dataclass(frozen=True, slots=True)
class PreviewAttachment(Request[FilePreview]):
    """Read an attachment for the eye. Raises NotFound."""

    attachment_id: int


class PictureForm(StrEnum):
    """How the pixels of a picture are wanted."""

    RGB = "rgb"
    """Three bytes a pixel, row by row."""
    PNG = "png"
    SIXEL = "sixel"
    """The data of a Sixel image (DEC STD 070), without the sequence around it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture scaled to ``width`` × ``height`` pixels, encoded anew: no byte of the file it was made of is in it."""

    form: PictureForm
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ShowPicture(Request[Picture]):
    """Draw an image into at most ``width`` × ``height`` pixels, keeping its proportions; never larger than it is.

    Raises NotFound, Unavailable (no image that can be read, too large, or reading it took too long).
    """

    content: Content
    id: int
    form: PictureForm
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MessageHeaders(Request[tuple[tuple[str, str], ...]]):
    """The header fields of a mail in their order, decoded and safe to show. Raises NotFound where there is no source."""

    message_id: int


@dataclass(frozen=True, slots=True)
class PipeResult:
    """What a program made of its input. ``output`` and ``errors`` are safe to show, and cut where they are long.

    ``status`` is its exit status (negative: the signal that ended it); ``timed_out``: it was ended because its time was over,
    ``stopped``: because somebody did not want to wait any longer.
    """

    command: str
    status: int
    output: str
    errors: str
    timed_out: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class PipeContent(Request[PipeResult]):
    """Give content to a program's standard input. No shell reads ``command``: it is a program and its arguments, with the quoting
    of a shell. The history of the ticket (or thing) says who did it. ``stop`` ends the program when it is set.

    Raises NotFound, Refused (the desk does not allow it), UsageError (no such program)."""

    content: Content
    id: int
    command: str
    stop: Event | None = field(default=None, compare=False, repr=False)
