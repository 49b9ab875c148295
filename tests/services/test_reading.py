"""Files that strangers send, shown: images from pixel to bomb, programs that may be given content, what one has seen, header fields."""

from __future__ import annotations

import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tests.support.ports import PATIENCE
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveSettings
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.reading import Content, PictureForm, PipeContent, PreviewAttachment, ShowPicture
from tui_desk.contracts.tickets import ReportPresence, ShowTicket
from tui_desk.core.enums import PresenceMode
from tui_desk.core.errors import ConfigurationError, NotFound, Refused, Unavailable, UsageError
from tui_desk.rules.pipes import allows
from tui_desk.services.pictures import drawn

NAME = "$(touch owned); `touch owned`\x1b[2J.txt"


def image(width: int, height: int, form: str = "PNG", colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(2_000_000)))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


def attached(desk: Desk, folder: Path, content: bytes, name: str = NAME) -> int:
    """The number of an attachment of that content."""
    number = ticket(desk)
    path = folder / "file"
    path.write_bytes(content)
    desk.ask(AddNote(number, "See the file.", attach_paths=(str(path),)))
    with desk.writing() as session:
        from sqlmodel import col, select

        from tui_desk.models import Attachment

        row = session.exec(select(Attachment).order_by(col(Attachment.id).desc())).first()
        assert row is not None
        row.filename = name
        session.add(row)
        assert row.id is not None
        return row.id


# -- images --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_an_image_becomes_pixels(form: str) -> None:
    shown = drawn(image(64, 32, form), PictureForm.RGB, 16, 40)
    assert (shown.width, shown.height, len(shown.data)) == (16, 8, 16 * 8 * 3)
    red, green, blue = shown.data[:3]
    assert red > 180
    assert green < 60 > blue


def test_each_form_is_what_it_should_be() -> None:
    content = image(64, 32)
    png = drawn(content, PictureForm.PNG, 32, 32)
    assert Image.open(BytesIO(png.data)).size == (png.width, png.height) == (32, 16)
    sixel = drawn(content, PictureForm.SIXEL, 32, 32)
    assert sixel.data.startswith(b'"1;1;32;16#0;2;')
    assert sixel.data.count(b"-") == 3  # bands of six lines
    assert b"\x1b" not in sixel.data


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
        (image(900, 900, "JPEG")[:400], "damaged"),
        (bomb(60_000, 60_000), "too many pixels"),
        (bomb(2_000_000_000, 2), "too many pixels"),
        (bomb(5_000, 5_000), "damaged"),
        (bytes(33 * 1024 * 1024), "too large"),
    ],
    ids=["empty", "no image", "cut", "bomb", "wide bomb", "lying size", "many bytes"],
)
def test_a_hostile_image_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        drawn(content, PictureForm.RGB, 80, 48)


def test_decoding_ends_when_its_time_is_over() -> None:
    with pytest.raises(Unavailable, match=r"too long|damaged"):
        drawn(image(4_000, 4_000), PictureForm.SIXEL, 2_000, 2_000, wall_seconds=0.01)


def test_an_attachment_is_previewed_and_drawn(desk: Desk, tmp_path: Path) -> None:
    number = attached(desk, tmp_path, image(20, 10), "p\u202egnp.exe")
    shown = desk.ask(PreviewAttachment(number), desk.rita)
    assert (shown.picture, shown.text, shown.note) == (True, "", "PNG image, 20 × 10 pixels.")
    picture = desk.ask(ShowPicture(Content.ATTACHMENT, number, PictureForm.RGB, 80, 48), desk.rita)
    assert (picture.width, picture.height) == (20, 10)
    with pytest.raises(NotFound):
        desk.ask(PreviewAttachment(4711))
    with pytest.raises(UsageError):
        desk.ask(ShowPicture(Content.TEXT, 1, PictureForm.RGB, 8, 8))


def test_text_tables_and_escape_sequences_of_attachments(desk: Desk, tmp_path: Path) -> None:
    number = attached(desk, tmp_path, b"name;n\r\n\x1b]52;c;x\x07paper;3\r\n", "list.csv")
    shown = desk.ask(PreviewAttachment(number))
    assert shown.table[0] == ("name", "n")
    assert "\x1b" not in "".join(map("".join, shown.table))


# -- pipes ---------------------------------------------------------------------------------------------------------------


def test_no_program_runs_before_an_admin_allows_it(desk: Desk, tmp_path: Path) -> None:
    number = attached(desk, tmp_path, b"a\nb\n")
    for command in ("cat", "sh -c true"):
        with pytest.raises(Refused, match="starts no programs"):
            desk.ask(PipeContent(Content.ATTACHMENT, number, command))
    with pytest.raises(Refused):
        desk.ask(SaveSettings(pipe_commands="*"))  # ana is no admin
    with pytest.raises(ConfigurationError, match="quotation mark"):
        desk.ask(SaveSettings(pipe_commands="grep 'x"), desk.root)
    desk.ask(SaveSettings(pipe_commands="wc -l,  grep *"), desk.root)
    assert desk.ask(PipeContent(Content.ATTACHMENT, number, "wc -l")).output.strip() == "2"
    assert desk.ask(PipeContent(Content.ATTACHMENT, number, "grep -n b")).output == "2:b\n"
    for command in ("wc", "wc -c", "cat", "sh -c 'wc -l'", "wc -l; cat", "/bin/grep b"):
        with pytest.raises(Refused, match="does not allow"):
            desk.ask(PipeContent(Content.ATTACHMENT, number, command))


def test_a_program_gets_the_content_and_nothing_is_read_by_a_shell(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_DESK_SECRET", "geheim")
    desk.ask(SaveSettings(pipe_commands="*"), desk.root)
    content = bytes(range(256)) * 2_000
    number = attached(desk, tmp_path, content)
    counted = desk.ask(PipeContent(Content.ATTACHMENT, number, "wc -c"))
    assert (counted.status, counted.output.strip()) == (0, str(len(content)))
    said = desk.ask(PipeContent(Content.ATTACHMENT, number, "printf %s '$(touch owned)' ';' '|' `id`"))
    assert said.output == "$(touch owned);|`id`"
    assert "geheim" not in desk.ask(PipeContent(Content.ATTACHMENT, number, "env")).output
    assert not list(tmp_path.glob("**/owned"))


def test_a_failed_pipe_tells_status_and_what_it_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ask(SaveSettings(pipe_commands="*"), desk.root)
    number = attached(desk, tmp_path, b"x")
    failed = desk.ask(PipeContent(Content.ATTACHMENT, number, "sh -c 'printf \"\\033[2Jno\\n\" >&2; exit 3'"))
    assert (failed.status, failed.errors, failed.output) == (3, "␛[2Jno", "")
    killed = desk.ask(PipeContent(Content.ATTACHMENT, number, "sh -c 'kill -9 $$'"))
    assert killed.status == -9
    with pytest.raises(UsageError, match="no program"):
        desk.ask(PipeContent(Content.ATTACHMENT, number, "no-such-program-7777"))
    with pytest.raises(UsageError, match="quotation mark"):
        desk.ask(PipeContent(Content.ATTACHMENT, number, "cat '"))
    flood = desk.ask(PipeContent(Content.ATTACHMENT, number, "yes"))
    assert len(flood.output) <= 1_000_001
    assert "more than is kept" in flood.errors
    monkeypatch.setattr("tui_desk.services.pipes.SECONDS", 0.2)
    late = desk.ask(PipeContent(Content.ATTACHMENT, number, "sh -c 'sleep 300 & wait'"))
    assert late.timed_out
    message = desk.ask(ShowTicket(1)).messages[0]
    monkeypatch.undo()
    assert desk.ask(PipeContent(Content.TEXT, message.id, "cat")).output == message.text
    with pytest.raises(NotFound, match="no source"):
        desk.ask(PipeContent(Content.SOURCE, message.id, "cat"))


def test_a_program_can_be_stopped_and_the_history_says_who_gave_it_what(desk: Desk, tmp_path: Path) -> None:
    desk.ask(SaveSettings(pipe_commands="*"), desk.root)
    number = attached(desk, tmp_path, b"geheim")
    stop = Event()
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    command = f"sh -c 'echo > {begun}; sleep 300 & wait'"
    with ThreadPoolExecutor() as threads:
        running = threads.submit(desk.ask, PipeContent(Content.ATTACHMENT, number, command, stop))
        begun.read_text()  # waits until the program writes
        stop.set()
        result = running.result(PATIENCE)
    assert result.stopped
    assert not result.timed_out
    message = desk.ask(ShowTicket(1)).messages[0]
    desk.ask(PipeContent(Content.TEXT, message.id, "wc -c"))
    with pytest.raises(UsageError):
        desk.ask(PipeContent(Content.ATTACHMENT, number, "cat '"))
    told = [event.sentence for event in desk.ask(ListEvents("ticket:1")).events]
    assert told[0] == "Ana Díaz gave the text of a message to a program: wc -c"
    assert told[1].startswith("Ana Díaz gave an attachment to a program: sh -c ")
    assert not any("geheim" in one for one in told)


@given(
    st.text("abc *'\"\\,;|$ -", max_size=20), st.lists(st.text("abc* -", max_size=4), min_size=1, max_size=4)
)
def test_what_is_allowed_is_in_the_list(listed: str, command: list[str]) -> None:
    if allows(listed, command):
        assert "*" in listed or all(word in listed for word in command)


# -- what one has seen ---------------------------------------------------------------------------------------------------


def test_what_one_has_seen_is_ones_own_and_never_taken_back(desk: Desk) -> None:
    number = ticket(desk)
    (first,) = desk.ask(ShowTicket(number)).messages
    assert desk.ask(ShowTicket(number)).seen is None
    desk.ask(ReportPresence(number, "t", PresenceMode.VIEWING, first.id))
    assert desk.ask(ShowTicket(number)).seen == first.id
    assert desk.ask(ShowTicket(number), desk.rita).seen is None
    desk.ask(ReportPresence(number, "t", None, first.id + 5))
    desk.ask(ReportPresence(number, "t", None, first.id))
    assert desk.ask(ShowTicket(number)).seen == first.id + 5
