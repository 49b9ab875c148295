"""No control byte of data reaches the terminal, nothing shown acts, nothing crashes: in a real pseudo-terminal."""

from __future__ import annotations

import re

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Markdown, Static

from tests.terminal.payloads import PAYLOADS
from tests.terminal.pty_app import PtyApp
from tests.terminal.test_driver import STOCK, WIRE
from tui_desk.terminal.choke import install_choke_point
from tui_desk.terminal.crash import report

# What Textual and the driver themselves write; everything else that controls comes from data.
_OWN = re.compile(
    rb"\x08\x1b\[B|\x1b\[\d*(?:;\d+)*[CGHXm]|\x1b\[[\d;]*[rJKLM]|\x1b\[[?>=<][\d;]*[hlu]|\x1b\[\?(?:2026|2048)\$p|\x1b\[r|\x1bM|\x1b\]22;[a-z-]+\x07"
)
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@pytest.mark.parametrize("driver", [WIRE, STOCK], ids=["wire", "stock"])
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 30))
def test_no_control_byte_of_data_reaches_the_terminal(driver: dict[str, str], start: int) -> None:
    stop = min(start + 30, len(PAYLOADS))
    with PtyApp(["tests/terminal/apps/hostile.py", str(start), str(stop)], 120, 60, driver) as program:
        program.wait_text("step 0.")
        for step in range(1, stop - start):
            program.press("x")
            program.wait_text(f"step {step}.")
        shown = _whole_sequences(bytes(program.output))
        program.press("x")
        assert program.wait_exit() == 0
    rest = _OWN.sub(b"", shown).decode()
    assert not _CONTROL.findall(rest)
    assert b"\x1b]8" not in shown
    assert b"\x1b]52" not in shown


def _whole_sequences(output: bytes) -> bytes:
    """What came, without a sequence or character that was still coming."""
    return re.sub(rb"\x1b[^a-zA-Z]*$", b"", output).decode(errors="ignore").encode()


class Clickable(App[None]):
    """Texts that would act if markup were read or links were followed."""

    hits = 0

    def compose(self) -> ComposeResult:
        yield Static("[@click=app.hit]press[/]", id="markup")
        yield Static("[@mouse.down=app.hit]press[/]", id="mouse")
        yield Static("[/] [/ foo", id="broken")
        yield Markdown("[link](http://evil.example/)", open_links=True)

    def action_hit(self) -> None:
        self.hits += 1


async def test_a_click_on_text_runs_nothing_and_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    install_choke_point()
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    app = Clickable()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        for x in range(12):
            await pilot.click("#markup", offset=(x, 0))
            await pilot.click("#mouse", offset=(x, 0))
            await pilot.click(Markdown, offset=(x, 1))
        app.open_url("http://evil.example/")
        await pilot.pause()
    assert app.hits == 0
    assert opened == []


def test_a_crash_report_holds_no_values() -> None:
    secret = "correct horse battery"
    try:
        raise ValueError(secret)
    except ValueError as error:
        text = report(error)
    assert secret not in text
    assert "ValueError" in text
    assert "test_choke.py" in text
