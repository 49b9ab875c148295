"""Files of what one writes: attached by the picker or by pasting their paths, and taken away again."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from textual.document._document import Location
from textual.widgets import Static

from tui_desk.contracts.conversation import AttachmentView, AttachToDraft, DetachFromDraft
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError, Unavailable
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.rules.dropped_paths import readings
from tui_desk.screens import words
from tui_desk.screens.choices import Choice
from tui_desk.screens.compose_parts import attachment_line
from tui_desk.screens.draft_keeping import DraftScreen
from tui_desk.screens.folder_listing import that_exist
from tui_desk.screens.paths import permitted
from tui_desk.screens.writing_field import WritingField

MUCH = 200_000
"""Characters of a paste that are better sent as a file: beyond, no mail program shows them as formatted text."""
_MOST_IN_TEXT = 4_000_000
"""Characters that go into the text where they cannot be kept as a file: more would stop the terminal for minutes."""


class ComposeFiles(DraftScreen):
    """A screen with a text and a line ``#attached`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._attachments: tuple[AttachmentView, ...] = ()

    def on_mount(self) -> None:
        self.query_one(WritingField).before_paste = self._takes_paste

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"attachment"} if self._attachments else set())

    def has_files(self) -> bool:
        """Whether files are attached to the draft."""
        return bool(self._attachments)

    def _show_attachments(self) -> None:
        attached = self.query_one("#attached", Static)
        attached.update(attachment_line(self._attachments))
        attached.display = bool(self._attachments)
        self.facts_changed()

    async def do_attach(self, argument: str) -> None:
        paths = (argument.strip(),) if argument.strip() else await self._picked()
        if paths:
            await self._add_files(paths)

    async def _picked(self) -> tuple[str, ...]:
        from tui_desk.screens.file_picker import FilePicker

        options = self.host.options
        picker = FilePicker(self._begin_in(), options.clock, lambda path: permitted(options, path))
        chosen = await self.answer_of(picker)
        self.host.files_from = picker.folder
        return chosen or ()

    def _begin_in(self) -> Path:
        """Where files were taken from last, else where the program was started (or what this session may read at all)."""
        if not self.host.options.programs:
            return self.host.options.downloads.expanduser()
        if self.host.files_from is not None:
            return self.host.files_from
        with contextlib.suppress(OSError):  # the folder may be gone
            here = Path.cwd()
            if here != Path("/"):
                return here
        return Path.home()

    async def _add_files(self, paths: tuple[str, ...]) -> None:
        """All that can be; the first that cannot is told."""
        await self.flush()
        added, wrong = [], None
        for path in paths:
            try:
                permitted(self.host.options, path)
                added.append(await self.ask(AttachToDraft(self.number, self.kind, path)))
            except DeskError as error:
                wrong = wrong or error
        self._attachments = (*self._attachments, *added)
        self._show_attachments()
        if wrong is not None:
            raise wrong
        if len(added) == 1:
            self.say(_("{name} is attached.").format(name=added[0].filename), level="done")
        else:
            told = ngettext("{count} file is attached.", "{count} files are attached.", len(added))
            self.say(told.format(count=len(added)), level="done")

    async def do_detach(self, argument: str) -> None:
        chosen: str | None = str(self._attachments[0].id)
        if len(self._attachments) > 1:
            choices = [Choice(str(a.id), a.filename, detail=words.size(a.size)) for a in self._attachments]
            chosen = await self.choose(_("Take away which attachment?"), choices)
        if chosen is None:
            return
        await self.ask(DetachFromDraft(self.number, self.kind, int(chosen)))
        self._attachments = tuple(a for a in self._attachments if str(a.id) != chosen)
        self._show_attachments()

    # -- what is pasted ----------------------------------------------------------------------------------------------
    def _takes_paste(self, text: str) -> bool:
        """Whether it is no plain text: paths of files are asked about, and so is what is too long for a mail."""
        if len(text) > MUCH:
            self._beside(self._much(text))
        elif readings(text):
            self._beside(self._maybe_files(text))
        else:
            return False
        return True

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """What is typed behind the paste waits for it, as for an action."""
        attach = self.host.actions.find(self.scopes, "attach")
        assert attach is not None
        self.run_guarded(_("Paste"), self._keys_wait(work, self._hold_keys(), attach))

    async def _maybe_files(self, text: str) -> None:
        area = self.query_one(WritingField)
        paths = await asyncio.to_thread(that_exist, readings(text))
        begin, end = await area.put_in(text)
        if not paths:
            return
        named = visible_name(Path(paths[0]).name, 60)
        title = (
            _("Attach {name}?").format(name=named)
            if len(paths) == 1
            else ngettext("Attach {count} file?", "Attach {count} files?", len(paths)).format(
                count=len(paths)
            )
        )
        detail = safe_line(", ".join(Path(path).name for path in paths), 80)
        choices = [
            Choice("attach", _("Attach it to the message"), detail=detail),
            Choice("text", _("Leave the path in the text")),
        ]
        if await self.choose(title, choices) == "attach":
            _take_out(area, begin, end, text)
            await self._add_files(paths)

    async def _much(self, text: str) -> None:
        title = _("{size} of text were pasted: much for a mail").format(size=words.size(len(text.encode())))
        choices = [
            Choice("file", _("Attach it as a file"), detail="pasted.txt"),
            Choice("text", _("Put it into the text"), detail=_("this takes a moment")),
        ]
        chosen = await self.choose(title, choices)
        area = self.query_one(WritingField)
        if chosen == "text":
            await area.put_in(text)
        elif chosen == "file":
            await self._attach_text(text)
        area.focus()

    async def _attach_text(self, text: str) -> None:
        area = self.query_one(WritingField)
        try:
            added = await self._kept_as_file(text)
        except DeskError:
            if len(text) <= _MOST_IN_TEXT:
                await area.put_in(text)  # what was pasted is nowhere else
            raise
        self._attachments = (*self._attachments, added)
        self._show_attachments()
        self.say(_("{name} is attached.").format(name=added.filename), level="done")

    async def _kept_as_file(self, text: str) -> AttachmentView:
        from tui_desk.terminal.editor import private_folder

        folder = (
            private_folder(os.environ, self.host.options.state_folder) / f"pasted-{self.host.options.session}"
        )
        path = folder / "pasted.txt"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="replace")
            await self.flush()
            return await self.ask(AttachToDraft(self.number, self.kind, str(path)))
        except OSError as error:
            raise Unavailable(_("The text cannot be kept: {cause}.").format(cause=error.strerror)) from error
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                folder.rmdir()


def _take_out(area: WritingField, begin: Location, end: Location, text: str) -> None:
    """Take back what was put in, where it still stands there."""
    if area.get_text_range(begin, end) == text:
        area.replace("", begin, end)
