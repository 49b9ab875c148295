"""What an agent typed (Markdown) as the HTML part of a mail: no raw HTML, no script, no remote image."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

__all__ = ["escape_markdown", "markdown_to_html"]

LIMIT = 200_000
"""Characters beyond which text is shown as it is: nobody formats that much by hand, and reading it takes seconds."""

_LINK = re.compile(r"(?:https?://|mailto:|tel:|cid:)[^\s\x00-\x1f]", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:/@])")


def markdown_to_html(text: str) -> str:
    """An HTML fragment. Line breaks stay line breaks, HTML is shown as text, links lead to http, https, mailto, tel or cid only."""
    if len(text) > LIMIT:
        return f"<pre>{html.escape(text)}</pre>\n"
    return str(_reader().render(text))


def escape_markdown(text: str) -> str:
    """``text`` of a stranger (a subject in a canned reply) so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    reader.enable(["table", "strikethrough", "linkify"])
    reader.validateLink = _is_safe_link  # type: ignore[method-assign] # markdown-it's own way to ask another question
    reader.add_render_rule("image", _image)
    return reader


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Images that come with the mail are shown; others would tell their server who reads it and become links."""
    source = str(tokens[index].attrGet("src") or "")
    if source.lower().startswith("cid:"):
        return str(renderer.image(tokens, index, options, env))
    label = renderer.renderInlineAsText(tokens[index].children, options, env) or source
    return f'<a href="{html.escape(source)}">{html.escape(label)}</a>'


def _is_safe_link(url: str, validator: object = None) -> bool:
    return bool(_LINK.match(url.strip()))
