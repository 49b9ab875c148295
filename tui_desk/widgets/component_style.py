"""The style of a component class as it is painted: blended with what is behind it, reverse video included."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget


def component_style(widget: Widget, name: str) -> Style:
    """The full style of ``widget``'s component class ``name``, to paint its segments with.

    Textual's ``get_component_rich_style`` leaves translucent text (``$text-muted``) opaque, and its visual styles
    leave reverse video out, which is what tells the cursor where there are no colours.
    """
    return widget.get_visual_style(name).rich_style + widget.get_component_styles(name).text_style
