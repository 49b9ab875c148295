"""Write a text in the person's own editor, and lose none of it.

The text is a file of mode 0600 in a folder of mode 0700 that belongs to the user (never the shared temporary folder). It
is deleted after it was read back; whatever goes wrong, it stays and the error names it. Meanwhile the interface goes on
in the background, but nothing is painted (:mod:`tui_desk.terminal.driver`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shlex
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui_desk.core.errors import DeskError, Unavailable
from tui_desk.core.i18n import _

_FALLBACKS = ("nano", "vim", "vi")


class EditorFailed(DeskError):
    """The editor did not end well. ``path`` is the file with what was written."""

    def __init__(self, sentence: str, path: Path) -> None:
        super().__init__(sentence, _("What was written is kept in {path}.").format(path=path))
        self.path = path


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The command of ``$VISUAL``, else ``$EDITOR``, else the first editor that is installed.

    Raises ``Unavailable`` where there is none, or where the variable cannot be read as a command.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError:
            raise Unavailable(
                _("${name} is not a command: a quotation mark is missing.").format(name=name)
            ) from None
        if words:
            return words
    for name in _FALLBACKS:
        if shutil.which(name):
            return [name]
    raise Unavailable(_("No editor was found."), _("Set EDITOR to the command of the one you like."))


def private_folder(environment: Mapping[str, str], state_folder: Path) -> Path:
    """A folder only the user can read, made where missing: in ``$XDG_RUNTIME_DIR``, else in ``state_folder``.

    Raises ``Unavailable`` where neither is the user's own.
    """
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    parents = [Path(runtime)] if runtime.startswith("/") else []
    for parent in (*parents, state_folder):
        folder = parent / "tui-desk" if parent != state_folder else state_folder / "editing"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=parent == state_folder, exist_ok=True)
            state = folder.lstat()
            if stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid():
                folder.chmod(0o700)
                return folder
    raise Unavailable(_("There is no private folder for the text: {path}.").format(path=state_folder))


def write_private(folder: Path, text: str, suffix: str) -> Path:
    """A new file of mode 0600 in ``folder`` that holds ``text``."""
    path = folder / f"{secrets.token_hex(8)}{suffix}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return path


async def edit_text(
    app: App[Any], text: str, *, environment: Mapping[str, str], state_folder: Path, suffix: str = ".md"
) -> str:
    """Let the person change ``text`` in their editor; the answer is what they saved.

    Raises ``EditorFailed`` (the file stays) where the editor cannot start or ends with an error, ``Unavailable`` where
    there is no editor, no private folder, or the terminal cannot be given away.
    """
    command = editor_command(environment)
    path = write_private(private_folder(environment, state_folder), text, suffix)
    try:
        with _interrupts_are_the_editors(), app.suspend():
            done = await asyncio.to_thread(subprocess.run, [*command, str(path)], check=False)
    except SuspendNotSupported:
        path.unlink()
        raise Unavailable(_("This terminal cannot be given to an editor.")) from None
    except OSError as error:
        raise EditorFailed(
            _("The editor {command} could not be started: {reason}.").format(
                command=command[0], reason=error.strerror
            ),
            path,
        ) from None
    if done.returncode != 0:
        raise EditorFailed(
            _("The editor {command} ended with status {status}; nothing was taken over.").format(
                command=command[0], status=done.returncode
            ),
            path,
        )
    try:
        written = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise EditorFailed(
            _("The text cannot be read: {reason}.").format(reason=error.strerror), path
        ) from None
    for leftover in path.parent.glob(f"*{path.stem}*"):  # backups and swap files hold the text too
        leftover.unlink(missing_ok=True)
    return written


@contextlib.contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Ctrl+C in the editor reaches this process too. A handler, unlike ignoring it, is not inherited by the editor."""
    before = signal.signal(signal.SIGINT, lambda *_arguments: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
