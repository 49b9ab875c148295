"""Write a text in the person's own editor, and lose none of it.

The text is a file of mode 0600 in a folder of mode 0700 that belongs to the user (never the shared temporary folder), and that
outlives the session. It is deleted when whoever asked has kept what was written (:meth:`Edited.forget`); whatever goes wrong before, it stays,
the error names it, and :func:`left_behind` finds it again: also when the program or the terminal went away meanwhile. The
interface goes on in the background, but nothing is painted (:mod:`tui_desk.terminal.driver`).
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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_desk.core.errors import DeskError, Unavailable
from tui_desk.core.i18n import _

if TYPE_CHECKING:  # the linear mode knows no Textual
    from textual.app import App

_FALLBACKS = ("nano", "vim", "vi")
MOST_BYTES = 4 * 1024 * 1024
"""A larger file is no text of a mail: it is left where it is."""


class EditorFailed(DeskError):
    """The editor did not end well. ``path`` is the file with what was written."""

    def __init__(self, sentence: str, path: Path) -> None:
        super().__init__(sentence, _("What was written is kept in {path}.").format(path=path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Edited:
    """What an editor left: ``text``, the file it stands in, and a sentence where that is not quite what was saved."""

    text: str
    path: Path
    note: str = ""

    def forget(self) -> None:
        """The text is kept elsewhere: delete the file, and backups and swap files, which hold it too."""
        if self.note:
            return
        for leftover in self.path.parent.glob(f"*{self.path.stem}*"):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What an editor wrote and nobody took over. ``at`` is aware."""

    text: str
    path: Path
    at: datetime


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
    """A folder only the user can read, made where missing: in ``state_folder``, else in ``$XDG_RUNTIME_DIR`` (which ends with the session).

    Raises ``Unavailable`` where neither is the user's own.
    """
    for folder in _folders(environment, state_folder):
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=folder.parent == state_folder, exist_ok=True)
            state = folder.lstat()
            if stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and os.access(folder, os.W_OK):
                folder.chmod(0o700)
                return folder
    raise Unavailable(_("There is no private folder for the text: {path}.").format(path=state_folder))


def _folders(environment: Mapping[str, str], state_folder: Path) -> list[Path]:
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    session = [Path(runtime) / "tui-desk"] if runtime.startswith("/") else []
    return [state_folder / "editing", *session]


def write_private(folder: Path, text: str, name: str, suffix: str) -> Path:
    """A new file of mode 0600 in ``folder`` that holds ``text``; its name says for what, and which process. Raises OSError."""
    path = folder / f"{name}.{os.getpid()}.{secrets.token_hex(6)}{suffix}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _write(environment: Mapping[str, str], state_folder: Path, text: str, name: str, suffix: str) -> Path:
    """The file for the editor: where the first folder is full, in the other one. Raises Unavailable; the caller has the text still."""
    reason = ""
    for _time in range(2):
        folder = private_folder(environment, state_folder)
        try:
            return write_private(folder, text, name, suffix)
        except OSError as error:
            reason = error.strerror or str(error)
            state_folder = Path(environment.get("XDG_RUNTIME_DIR") or state_folder) / "tui-desk-texts"
    raise Unavailable(
        _("The text cannot be written for the editor: {reason}.").format(reason=reason),
        _("It is here as you left it."),
    )


def left_behind(
    environment: Mapping[str, str], state_folder: Path, name: str, suffix: str = ".md"
) -> LeftBehind | None:
    """The newest text of that ``name`` which no editor of a living process holds any more; None where there is none."""
    found: list[LeftBehind] = []
    for folder in _folders(environment, state_folder):
        for path in folder.glob(f"{name}.*{suffix}"):
            parts = path.name.removeprefix(f"{name}.").split(".")
            with contextlib.suppress(OSError, ValueError):
                if _is_at_work(int(parts[0])):
                    continue
                facts = path.lstat()
                if (
                    not stat.S_ISREG(facts.st_mode)
                    or facts.st_uid != os.geteuid()
                    or facts.st_size > MOST_BYTES
                ):
                    continue
                text, _note = _decoded(path.read_bytes())
                found.append(LeftBehind(text, path, datetime.fromtimestamp(facts.st_mtime, UTC)))
    return max(found, key=lambda one: one.at, default=None)


def _is_at_work(pid: int) -> bool:
    """Whether another process of that number lives: its editor may be open still."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def edit_text(
    app: App[Any],
    text: str,
    *,
    environment: Mapping[str, str],
    state_folder: Path,
    name: str = "text",
    suffix: str = ".md",
) -> Edited:
    """Let the person change ``text`` in their editor; the answer is what they saved. Call its ``forget`` when that is kept.

    Raises ``EditorFailed`` (the file stays) where the editor cannot start or ends with an error, or what it left cannot be read;
    ``Unavailable`` where there is no editor, no private folder, no room, or the terminal cannot be given away: then nothing was written.
    """
    from textual.app import SuspendNotSupported

    command = editor_command(environment)
    path = _write(environment, state_folder, text, name, suffix)
    try:
        with _interrupts_are_the_editors(), app.suspend():
            done = await asyncio.to_thread(subprocess.run, [*command, str(path)], check=False)
    except SuspendNotSupported:
        path.unlink()
        raise Unavailable(_("This terminal cannot be given to an editor.")) from None
    except OSError as error:
        raise _not_started(command[0], error, path) from None
    if done.returncode != 0:
        raise EditorFailed(_ended(command[0], done.returncode), path)
    return _read(path)


def edit_here(
    text: str, *, environment: Mapping[str, str], state_folder: Path, name: str = "text", suffix: str = ".md"
) -> Edited:
    """The same where nothing is painted and the terminal is the editor's until it ends. Raises as :func:`edit_text`."""
    command = editor_command(environment)
    path = _write(environment, state_folder, text, name, suffix)
    try:
        with _interrupts_are_the_editors():
            done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        raise _not_started(command[0], error, path) from None
    if done.returncode != 0:
        raise EditorFailed(_ended(command[0], done.returncode), path)
    return _read(path)


def _not_started(command: str, error: OSError, path: Path) -> EditorFailed:
    sentence = _("The editor {command} could not be started: {reason}.")
    return EditorFailed(sentence.format(command=command, reason=error.strerror), path)


def _ended(command: str, status: int) -> str:
    if status >= 0:
        return _("The editor {command} ended with status {status}; nothing was taken over.").format(
            command=command, status=status
        )
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = str(-status)
    return _("The editor {command} was ended by {signal}; nothing was taken over.").format(
        command=command, signal=name
    )


def _read(path: Path) -> Edited:
    """What stands in the file now."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EditorFailed(_("The text is larger than any mail may be."), path)
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unavailable(
            _("The editor has left no file."), _("The text is here as it was before the editor.")
        ) from None
    except OSError as error:
        raise EditorFailed(
            _("The text cannot be read: {reason}.").format(reason=error.strerror), path
        ) from None
    text, is_known = _decoded(content)
    if is_known:
        return Edited(text, path)
    note = _("It was saved in another encoding than UTF-8: look at the accents. The file stays: {path}.")
    return Edited(text, path, note.format(path=path))


def _decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding is known: in Latin-1 no byte is lost."""
    try:
        text, is_known = content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        text, is_known = content.decode("latin-1"), False
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_known


@contextlib.contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Ctrl+C in the editor reaches this process too. A handler, unlike ignoring it, is not inherited by the editor."""
    before = signal.signal(signal.SIGINT, lambda *_arguments: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
