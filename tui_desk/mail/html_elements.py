"""What HTML elements mean for plain text: which begin lines, which are dropped, what a link or an image shows."""

from __future__ import annotations

import re
from typing import Final

BLOCKS: Final = frozenset(
    (
        "address article aside blockquote body caption center dd details dir div dl dt fieldset figure figcaption footer form header html hr "
        "legend li main menu nav ol option p pre section summary table textarea tbody tfoot thead tr ul h1 h2 h3 h4 h5 h6"
    ).split()
)
"""Elements that begin and end lines."""
PARAGRAPHS: Final = frozenset("p h1 h2 h3 h4 h5 h6 pre ul ol dl blockquote table figure fieldset".split())
"""Blocks with an empty line around them."""
SKIPPED: Final = frozenset(
    "script style title template noscript object svg annotation annotation-xml iframe noembed select audio video canvas xml".split()
)
"""Elements whose content a reader of mail never sees."""
VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
CLOSES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "td": (frozenset(("td", "th")), frozenset(("table", "tr"))),
    "th": (frozenset(("td", "th")), frozenset(("table", "tr"))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu", "dir"))),
    "p": (frozenset(("p",)), frozenset(("td", "th", "div", "blockquote", "table", "li"))),
    "option": (frozenset(("option",)), frozenset(("select",))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "body": (frozenset(("head",)), frozenset(("html",))),
}
"""What the start of an element ends where its end tag is missing, and the elements that keep it from doing so."""

_SHOWN_LINK: Final = re.compile(
    r"\A(?:https?|ftp|sftp|tel|mailto|xmpp|sip|webcal|file|smb|news|callto|skype):?", re.IGNORECASE
)
_MAX_TARGET: Final = 2_000
_MAX_NUMBER: Final = 100_000
_ONE_PIXEL: Final = re.compile(
    r"(?<![\w-])(?:width|height)\s*:\s*[01](?:px|pt)?\s*(?:[;!]|\Z)", re.IGNORECASE
)
_PIXELS: Final = ("0", "1", "0px", "1px")
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def shown_target(href: str) -> str:
    """The target of a link as it is shown, without blanks; "" for scripts, data and places in the mail itself."""
    href = "".join(href.split())
    if href.startswith("//"):
        href = f"https:{href}"
    return href[:_MAX_TARGET] if _SHOWN_LINK.match(href) else ""


def same_target(shown: str, target: str) -> bool:
    """Whether the text of a link already says where it leads."""
    bare = target.lower().removeprefix("mailto:").removeprefix("tel:")
    seen = shown.lower().strip("<>()[] ")
    if seen in (bare, target.lower()):
        return True
    bare = bare.split("?", 1)[0] if target.lower().startswith("mailto:") else bare
    bare = bare.removeprefix("https://").removeprefix("http://").rstrip("/")
    seen = seen.removeprefix("https://").removeprefix("http://").rstrip("/")
    if target.lower().startswith("tel:"):
        return re.sub(r"[^\d+]", "", seen) == re.sub(r"[^\d+]", "", bare)
    return seen == bare


def is_tracker(found: dict[str, str]) -> bool:
    """Whether an image is a pixel that counts readers."""
    if found.get("width", "").strip() in _PIXELS or found.get("height", "").strip() in _PIXELS:
        return True
    return bool(_ONE_PIXEL.search(found.get("style", "")))


def item_marker(kind: str, number: int) -> str:
    """What stands before an item of a list: ``kind`` is "" for bullets, else the ``type`` of an ordered list."""
    if not kind:
        return "* "
    if kind in "aA" and 0 < number < _MAX_NUMBER:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(97 + rest) + letters
        return f"{letters.upper() if kind == 'A' else letters}. "
    if kind in "iI" and 0 < number < 4_000:
        roman = ""
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            roman += sign * count
        return f"{roman.upper() if kind == 'I' else roman}. "
    return f"{number}. "
