"""The real interface in a pseudo-terminal that is said to draw pictures: drawn when the file is read, gone when it is left."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.services.desk import open_desk
from tests.terminal.pty_app import PtyApp
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import utc_now
from tui_desk.models import Lease

BEGINS = {"kitty": b"\x1b_Ga=T,f=100", "iterm2": b"\x1b]1337;File=inline=1", "sixel": b'\x1bP0;1;0q"1;1;'}


def desk_with_a_photo(folder: Path) -> dict[str, str]:
    """A desk with one ticket and a photo in it; answers the variables that open it."""
    database = folder / "desk.db"
    out = BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(out, "PNG")
    file = folder / "photo.png"
    file.write_bytes(out.getvalue())
    with open_desk(f"sqlite:///{database}") as desk:
        number = desk.ask(NewTicket("Printer on fire", "otto@client.test", "It burns."))
        desk.ask(AddNote(number, "See the photo.", attach_paths=(str(file),)))
        with desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now().replace(year=2200)))
    return {"TUI_DESK_DATABASE": str(database), "HOME": str(folder)}


@pytest.mark.parametrize("way", list(BEGINS))
def test_a_picture_comes_and_goes(way: str, tmp_path: Path) -> None:
    environment = desk_with_a_photo(tmp_path) | {"TUI_DESK_IMAGES": way}
    with PtyApp(["-m", "tui_desk", "--as", "ana"], 100, 30, environment) as app:
        app.wait_text("Printer on fire")
        app.press("enter")
        app.wait_text("See the photo.")
        app.press("o")
        app.wait_for(lambda: BEGINS[way] in app.output)
        app.wait_idle(0.5)
        drawn = len(app.output)
        app.press("?")
        app.wait_for(lambda: len(app.output) > drawn)
        app.wait_idle(0.5)
        covered = bytes(app.output[drawn:])
        assert BEGINS[way] not in covered
        if way == "kitty":
            assert b"\x1b_Ga=d,d=I,i=" in covered
        app.press("escape")
        app.wait_for(lambda: BEGINS[way] in app.output[drawn:])  # back from the help it is drawn again
        app.wait_idle(0.5)
        drawn = len(app.output)
        app.press("escape")
        app.wait_for(lambda: b"See the photo" in app.output[drawn:])
        app.wait_idle(0.5)
        left = bytes(app.output[drawn:])
        assert BEGINS[way] not in left
        if way == "kitty":
            assert b"\x1b_Ga=d,d=I,i=" in left


@pytest.mark.parametrize("attributes", ["63;1;2;4;6;9;15;22", "64;1;2;6", ""])
def test_a_terminal_that_says_it_draws_sixel_gets_it(attributes: str, tmp_path: Path) -> None:
    """The attributes come in pieces, or never."""
    with PtyApp(["-m", "tui_desk", "--as", "ana"], 100, 30, desk_with_a_photo(tmp_path)) as app:
        app.wait_for(lambda: b"\x1b[0c" in app.output)
        if attributes:
            app.press(f"\x1b[?{attributes[:4]}", f"{attributes[4:]}c")
        app.wait_text("Printer on fire")
        app.press("enter")
        app.wait_text("See the photo.")
        app.press("o")
        app.wait_text("64 × 48")
        app.wait_for(lambda: BEGINS["sixel"] in app.output or "▀".encode() in app.output)
        assert (BEGINS["sixel"] in app.output) == (";4;" in attributes)
