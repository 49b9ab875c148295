"""What a file would do to the assets, row by row, before anything is written; and what the list of assets does with files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from tui_desk.actions.asset_files import ASSET_IMPORT
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.asset_files import (
    ApplyImport,
    ExportAssets,
    FileForm,
    ImportPreview,
    PreviewImport,
    Progress,
    RowChange,
)
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.import_words import effect_word, summary
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.paths import completing, permitted
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

_STYLES = {"new": "success", "changed": "accent", "refused": "error", "unchanged": "muted"}


class AssetFiles(BaseScreen):
    """What the list of assets can do with files."""

    def listed(self) -> tuple[str, bool]:
        """The words the list is searched by, and whether retired ones are in it."""
        return "", False

    async def do_export_assets(self, argument: str) -> None:
        path = argument or await self.prompt(
            _("Write the assets of this list into which file?"),
            f"{self.host.options.downloads}/assets.csv",
            detail=_("CSV in UTF-8, on the machine tui-desk runs on."),
            complete=completing(self.host.options),
        )
        if not path or not path.strip():
            return
        permitted(self.host.options, path.strip())
        words, retired = self.listed()
        request = ExportAssets(
            path.strip(), words, retired, bom=True, progress=told_to(self, _("{count} written …"))
        )
        try:
            count = await self.ask(request)
        except Refused as there:
            if not await self.confirm(there.sentence, _("What is in it now is lost then."), _("Replace it")):
                self.say(_("Nothing was written."))
                return
            count = await self.ask(replace(request, replace=True))
        told = ngettext("{count} asset in {file}.", "{count} assets in {file}.", count)
        self.say(told.format(count=count, file=path.strip()), level="done")

    async def do_import_assets(self, argument: str) -> None:
        path = argument or await self.prompt(
            _("Read assets from which file?"),
            "",
            detail=_("CSV; its first line has the headings: tag, name, type, serial, owner, …"),
            complete=completing(self.host.options),
        )
        if not path or not path.strip():
            return
        permitted(self.host.options, path.strip())
        form = FileForm()
        preview = await self.ask(PreviewImport(path.strip(), form, told_to(self, _("{percent} % read …"))))
        self.app.push_screen(AssetImportScreen(preview, form))


def told_to(screen: BaseScreen, words: str) -> Progress:
    """Tells in the message line how far it is; called from the thread that reads or writes."""

    def tell(done: int, total: int) -> None:
        percent = done * 100 // total if total else 0
        screen.app.call_from_thread(screen.say, words.format(percent=percent, count=done))

    return tell


class AssetImportScreen(BrowseScreen[RowChange]):
    """The rows of a file and what each would do."""

    scopes = (ASSET_IMPORT, DETAILS, LIST, GLOBAL)

    def __init__(self, preview: ImportPreview, form: FileForm) -> None:
        super().__init__()
        self.preview, self.form = preview, form
        self._entitle()

    def _entitle(self) -> None:
        self.crumb = " › ".join((_("Assets"), _("Import"), summary(self.preview)))

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("line", _("Line"), 6, align="right"),
            Column("tag", _("Tag"), 14),
            Column("effect", _("Effect"), 10),
            Column("what", _("What"), 30, flex=1),
        )

    def key(self, item: RowChange) -> int:
        return item.line

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"import_work"} if self.preview.new or self.preview.changed else set())

    async def read(self) -> Sequence[RowChange]:
        return self.preview.rows

    def row(self, item: RowChange) -> TableRow:
        what = item.sentence or ", ".join(f"{name}: {new or '–'}" for name, _old, new in item.fields)
        style = _STYLES[item.effect]
        return TableRow(
            item.line,
            (
                Cell(str(item.line), "muted"),
                Cell(item.tag or "–", "strong"),
                Cell(effect_word(item.effect), style),
                Cell(what.replace("\n", " ↵ "), "error" if item.sentence else ""),
            ),
        )

    def describe(self, item: RowChange) -> Content:
        facts = (
            Fact(name, new if item.effect == "new" else f"{old or '–'} → {new or '–'}")
            for name, old, new in item.fields
        )
        return blocks(
            heading(item.tag, effect_word(item.effect)), sentence(item.sentence), labelled(tuple(facts))
        )

    def empty_text(self) -> str:
        return _("Nothing to do: every asset is as the file says. q leads back to the list.")

    async def _show_again(self, form: FileForm) -> None:
        self.preview = await self.ask(
            PreviewImport(self.preview.path, form, told_to(self, _("{percent} % read …")))
        )
        self.form = form
        self._entitle()
        self.show_title()
        self.list_anew()

    async def do_import_empty(self, argument: str) -> None:
        await self._show_again(replace(self.form, keep_empty=not self.form.keep_empty))
        kept = _("Empty cells leave what is there.")
        self.say(kept if self.form.keep_empty else _("Empty cells clear what is there."))

    async def do_import_match(self, argument: str) -> None:
        await self._show_again(replace(self.form, match="serial" if self.form.match == "tag" else "tag"))
        by_tag = self.form.match == "tag"
        self.say(
            _("The tag says which asset a row is about.")
            if by_tag
            else _("The serial says which asset a row is about.")
        )

    async def do_apply_import(self, argument: str) -> None:
        seen = self.preview
        question = ngettext("Import {count} row?", "Import {count} rows?", seen.new + seen.changed)
        detail = summary(seen)
        if seen.refused:
            detail += "\n" + _("Rows that are refused are left out.")
        if not await self.confirm(question.format(count=seen.new + seen.changed), detail, _("Import")):
            return
        request = ApplyImport(
            seen.path,
            self.form,
            seen.seen,
            skip_refused=True,
            progress=told_to(self, _("{percent} % written …")),
        )
        try:
            result = await self.ask(request)
        except Conflict:
            await self._show_again(self.form)
            raise
        sentence_done = _("{new} new, {changed} changed, {skipped} left out.").format(
            new=result.new, changed=result.changed, skipped=result.skipped
        )
        self.app.pop_screen()
        screen = self.app.screen
        if isinstance(screen, BaseScreen):
            screen.say(sentence_done, _("g y shows it; u there takes all of it back"), "done")
            screen.reload()
