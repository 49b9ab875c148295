"""What a stranger may write to drive a terminal or the interface, each recognisable in what a program sent.

Every payload has a name of its own (``q07q``) before and behind it, by which it is found on a screen, and odd numbers
(7777) wherever a sequence takes numbers, so that its bytes cannot be mistaken for what the program itself sends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CSI = [
    "\x1b[7777c", "\x1b[c", "\x1b[>7777c", "\x1b[=7777c", "\x1b[7777n", "\x1b[5n", "\x1b[6n", "\x1b[?7777n", "\x1b[7777;7778H", "\x1b[7777A",
    "\x1b[7777;1r", "\x1b[7777S", "\x1b[7777m", "\x1b[38;5;7777m", "\x1b[8;7777m", "\x1b[7777J", "\x1b[7777@", "\x1b[7777P", "\x1b[7777b",
    "\x1b[21;7777t", "\x1b[8;7777;7777t", "\x1b[?7777h", "\x1b[?1049;7777l", "\x1b[?1000;7777h", "\x1b[?1003;7777h", "\x1b[?2004;7777l",
    "\x1b[?25;7777l", "\x1b[4;7777h", "\x1b[20;7777h", "\x1b[?7777$p", "\x1b[7777;7777*y", "\x1b[7777$r", "\x1b[!p", "\x1b[>7777u", "\x1b[?u",
    "\x1b[>7777;7777T", "\x1b[7777 q", "\x1b[?5;7777W", "\x1b[31337x",
]  # fmt: skip
_OSC = [
    "\x1b]0;owned7777\x07", "\x1b]1;owned7777\x07", "\x1b]2;owned7777\x1b\\", "\x1b]4;7777;?\x07", "\x1b]7;file://owned7777\x07",
    "\x1b]8;id=7777;http://evil7777.example\x1b\\link\x1b]8;;\x1b\\", "\x1b]9;owned7777\x07", "\x1b]9;4;3;7777\x07", "\x1b]10;?7777\x07",
    "\x1b]11;?7777\x1b\\", "\x1b]12;#777777\x07", "\x1b]22;owned7777\x07", "\x1b]50;?7777\x07", "\x1b]52;c;b3duZWQ3Nzc3\x07",
    "\x1b]52;p;?7777\x1b\\", "\x1b]104;7777\x07", "\x1b]112\x07", "\x1b]133;A;7777\x07", "\x1b]633;E;7777\x07", "\x1b]666;Owned7777=1\x07",
    "\x1b]777;notify;owned7777;x\x07", "\x1b]1337;File=inline=1;size=7777:b3duZWQ=\x07", "\x1b]1337;SetMark7777\x07",
    "\x1b]5522;type=read7777\x1b\\", "\x1b]7777;unended",
]  # fmt: skip
_STRINGS = [
    "\x1bP$q7777m\x1b\\", "\x1bP+q37373737\x1b\\", "\x1bP7777q#0;2;0;0;0\x1b\\", "\x1bPtmux;\x1b\x1b]52;c;b3duZWQ3Nzc3\x07\x1b\\", "\x1bP7777unended",
    "\x1b_Gf=100,i=7777;b3duZWQ=\x1b\\", "\x1b_Ga=q,i=7777;AAAA\x1b\\", "\x1b^pm7777\x1b\\", "\x1bXsos7777\x1b\\", "\x1bkowned7777\x1b\\",
]  # fmt: skip
_ESCAPES = [
    "\x1bc", "\x1b#8", "\x1bZ", "\x1b(0", "\x1b)0", "\x1bn", "\x1bo", "\x1bE", "\x1bD", "\x1b7\x1b8", "\x1b>", "\x1b=", "\x1b%@", "\x1b", "\x1b\x1b\x1b",
]  # fmt: skip
_C1 = [
    "\x9b7777c", "\x9b7777;7778H", "\x9b?1049;7777l", "\x9d0;owned7777\x9c", "\x9d52;c;b3duZWQ3Nzc3\x9c", "\x907777q\x9c", "\x9fGi=7777\x9c",
    "\x9epm7777\x9c", "\x98sos7777\x9c", "\x84", "\x85", "\x88", "\x8d", "\x8e", "\x8f", "\x9a", "\x80\x81\x82\x83\x99",
]  # fmt: skip
_C0 = [
    "\x07", "\x08\x08\x08\x08", "\x0e", "\x0f", "\x00", "\x7f", "\x05", "\x0b", "\x0c", "\x11\x13", "\x18\x1a", "a\rb", "a\r\nb", "a\nb", "\t", "\x1f",
    "ok\r\x1b[7777K owned",
]  # fmt: skip
_UNICODE = [
    "\u202egpj.exe", "\u2066a\u2067b\u2069", "\u200e\u200f\u061c", "\u200b\u200c\u200d\u2060\ufeff", "\U000e0041\U000e0042\U000e007f", "\ud800\udfff",
    "\udc9b7777c", "\u2028\u2029", "z" + "\u0336\u0301\u0489" * 40, "\u3164\u1160\uffa0", "❤\ufe0f👩\u200d💻🏳\ufe0f\u200d🌈", "\U0001f1e9\U0001f1ea",
    "\ufff9a\ufffab\ufffb", "\u0600\u06dd\u070f", "\ue000\U00100000", "\u1100\u1161\u11a8", "\ufdfd\U00012031", "раураl.com",
]  # fmt: skip
_MARKUP = [
    "[@click=app.quit]x[/]", "[@click=app.exit]x[/@click]", "[@click=screen.do_quit('')]x[/]", "[@mouse.down=app.quit]x[/]", "[link=http://evil7777.example]x[/link]",
    "[link='file:///etc/passwd']x[/]", "[/]", "[/ foo", "[/foo]", "[/][/][/]", "\\[", "\\[/]", "$var", "$text-primary", "{0}", "{name}", "{self.app}", "%s%d%n", "%(x)s",
    "[bold", "[red]x", "[[[", "]]]", "[]", "[@click=]", "[@click=app.quit(]", "[on $primary]", "[reverse]x[/]", "[conceal]x", "[not bold]", "&lt;b&gt;&#27;[7777c",
    "`rm -rf`$(x)", "=cmd|'/C calc'!A0", "../../etc/passwd", "C:\\aux", "-rf", "~/.ssh", "a;b|c&d",
]  # fmt: skip


@dataclass(frozen=True)
class Payload:
    """``text`` is what goes into a field; ``mark`` is found on the screen wherever it is shown."""

    mark: str
    attack: str

    @property
    def text(self) -> str:
        return f"{self.mark}{self.attack}{self.mark}"

    @property
    def literal(self) -> bool:
        """Whether a person must see exactly what was written."""
        return self.attack.isascii() and self.attack.isprintable()


PAYLOADS = tuple(
    Payload(f"q{number:03}q", attack)
    for number, attack in enumerate(
        [*_CSI, *_OSC, *_STRINGS, *_ESCAPES, *_C1, *_C0, *_UNICODE, *_MARKUP], start=1
    )
)
ALL_TEXT = "\n".join(payload.text for payload in PAYLOADS)

_OWN = re.compile(
    rb"\x1b\[\d{0,3}(?:;\d{1,3})?H|\x1b\[[\d;:]*m|\x1b\[\d{0,3}[CGKLMX]|\x08\x1b(?:D|\[B)|\x1b\[2J|\x1b\[(?:\d{1,3};\d{1,3})?r|\x1bM"  # pictures
    rb"|\x1b\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|25|7)[hl]|\x1b\[[<>]\d*u|\x1b\[\?(?:2026|2048)\$p"  # modes
    rb"|\x1b\]22;[a-z-]+\x07|\x1b\]11;\?\x07|\x1b\[0c"  # the shape of the pointer; of what colour the ground is, and what draws it
)
"""Everything Textual and the driver send of their own accord; numbers of at most three digits, which no payload has."""
_DANGEROUS = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_FROM_DATA = re.compile(
    rb"\x1b\[[0-?]*(?:7777|31337)[0-?]*[ -/]*[@-~]|\x1b[P_^Xk\]](?!22;[a-z-]+\x07|11;\?\x07)"
)


def leaks(output: bytes) -> list[str]:
    """What of ``output`` cannot have been the program's own: control characters of data, strings that open a protocol."""
    whole = re.sub(rb"\x1b[^a-zA-Z\x07]*$", b"", output)  # a sequence that was still coming
    found = [match.group().decode("latin-1") for match in _FROM_DATA.finditer(whole)]
    rest = _OWN.sub(b"", whole).decode("utf-8", "ignore")
    return found + [
        rest[max(0, match.start() - 12) : match.end() + 12] for match in _DANGEROUS.finditer(rest)
    ]
