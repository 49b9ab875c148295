"""How what is written will leave: as its reader sees it, as plain text, and as the HTML of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.inventory import PAGER
from tui_desk.actions.writing import PREVIEW
from tui_desk.contracts.conversation import MailPreview, PreviewReply
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_name
from tui_desk.rules.html_outline import Run, outline
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.draft_keeping import Written
from tui_desk.screens.pager import PagerScreen
from tui_desk.widgets.hanging import Hanging, quote_bars
from tui_desk.widgets.text_pager import TextPager

_STYLES = {
    "heading": "$text-primary bold",
    "strong": "bold",
    "emphasis": "italic",
    "strike": "strike",
    "code": "$text-secondary",
    "link": "$text-primary underline",
    "quote": "$muted",
    "mark": "$muted",
}


class ComposePreview(PagerScreen):
    """Nothing is sent from here. ``written``: body, To, Cc, Bcc."""

    scopes = (PREVIEW, PAGER, GLOBAL)
    CSS_PATH = "styles/compose.tcss"

    def __init__(self, number: int, kind: DraftKind, written: Written) -> None:
        super().__init__()
        self.number, self.kind, self._written = number, kind, written
        self.crumb = f"#{number} › {words.draft_kind(kind)} › {_('Preview')}"
        self._mail: MailPreview | None = None
        self._view = 0

    def compose_body(self) -> Iterable[Widget]:
        yield Static(_("Reading …"), id="preview-head", markup=False)
        yield VerticalScroll(Static("", id="preview-text", markup=False), id="preview-read")
        yield TextPager("", id="preview-plain")

    def start(self) -> None:
        self._show()

    def facts(self) -> frozenset[str]:
        return super().facts() | {"selected"}

    def pager(self) -> Widget:
        """What moves now."""
        return self.query_one("#preview-plain" if self._view else "#preview-read")

    async def load(self) -> None:
        body, to, cc, bcc = self._written
        self._mail = await self.ask(PreviewReply(self.number, body, self.kind, to, cc, bcc))
        self._show()

    def _show(self) -> None:
        self.query_one("#preview-read").display = not self._view
        self.query_one("#preview-plain").display = bool(self._view)
        self.pager().focus()
        mail = self._mail
        if mail is None:
            return
        self.query_one("#preview-head", Static).update(self._head(mail))
        if self._view:
            self.query_one(TextPager).set_text(mail.plain if self._view == 1 else mail.html)
        else:
            self.query_one("#preview-text", Static).update(Hanging(as_read(mail.html), quote_bars))

    def _head(self, mail: MailPreview) -> Content:
        parts: list[Part] = []
        if mail.notice:
            parts.append((f"! {safe_line(mail.notice, 300)}\n", "$text-warning"))
        fields = ((_("From"), mail.sender), (_("To"), mail.to), (_("Cc"), mail.cc), (_("Bcc"), mail.bcc))
        for label, value in (*fields, (_("Subject"), mail.subject)):
            if value:
                parts += [(f"{label}: ", "$muted"), f"{safe_line(value, 500)}\n"]
        if mail.attachments:
            names = ", ".join(visible_name(one.filename, 60) for one in mail.attachments)
            parts += [(_("Attached: "), "$muted"), f"{names}\n"]
        parts.append((_("{size} in all").format(size=words.size(mail.size)) + "   ", "$muted"))
        for place, title in enumerate((_("1 As it is read"), _("2 Plain text"), _("3 HTML"))):
            shown = "$text-primary bold reverse" if place == self._view else "$muted"
            parts += [(f" {title} ", shown), " "]
        return line(*parts)

    def do_preview_read(self, argument: str) -> None:
        self._turn(0)

    def do_preview_plain(self, argument: str) -> None:
        self._turn(1)

    def do_preview_html(self, argument: str) -> None:
        self._turn(2)

    def do_preview_next(self, argument: str) -> None:
        self._turn((self._view + 1) % 3)

    def _turn(self, view: int) -> None:
        self._view = view
        self._show()


def as_read(document: str) -> Content:
    """The HTML of a mail of ours as its reader sees it, about."""
    parts: list[Part] = []
    for runs in outline(document):
        parts += map(_painted, runs)
        parts.append("\n")
    return line(*parts)


def _painted(run: Run) -> Part:
    style = " ".join(_STYLES[name] for name in _STYLES if name in run.styles)
    return (safe_block(run.text), style) if style else safe_block(run.text)
