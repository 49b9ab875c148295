"""What a stranger may write to drive a terminal or the interface. Each ends with a word to look for on the screen."""

from __future__ import annotations

from itertools import product

_SEQUENCES = [
    "\x1b[c", "\x1b[>c", "\x1b[5n", "\x1b[6n", "\x1b[?6n", "\x1b[x", "\x1b[21t", "\x1b[14t", "\x1b[?2026$p", "\x1b[?u", "\x1b[>q",
    "\x1bP$qm\x1b\\", "\x1bP+q544e\x1b\\", "\x1bP>|x\x1b\\", "\x1b]0;title\x07", "\x1b]2;title\x1b\\", "\x1b]52;c;aGk=\x07", "\x1b]52;c;?\x07",
    "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x07", "\x1b]11;?\x1b\\", "\x1b]50;?\x07", "\x1b]9;note\x07",
    "\x1b]777;notify;a;b\x07", "\x1b]1337;File=:aGk=\x07", "\x1b_Gf=100;aGk=\x1b\\", "\x1bPq#0\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\",
    "\x1b[?1049l", "\x1b[?1000h", "\x1b[?1003h", "\x1b[?2004h", "\x1b[?25h", "\x1b[4h", "\x1b[20h", "\x1b[!p", "\x1bc", "\x1b#8",
    "\x1b[2J", "\x1b[H", "\x1b[10;10H", "\x1b[5A", "\x1b[3D", "\x1b[1;3r", "\x1b[5S", "\x1b[5T", "\x1b[7m", "\x1b[8m", "\x1b(0", "\x1b)0",
    "\x1bM", "\x1bD", "\x1bE", "\x1b7\x1b8", "\x1b>", "\x1b=", "\x9bc", "\x9d0;t\x9c", "\x90q\x9c", "\x85", "\x84", "\x8d",
    "\x07", "\x08\x08\x08", "\x0b", "\x0c", "\x0e", "\x0f", "\r", "\n", "\x05", "\x00", "\x7f", "\t", "\x1b", "\x1bPtmux;\x1b\x1b]52;c;aA==\x07\x1b\\",
]  # fmt: skip
_MARKUP = [
    "[@click=app.hit]x[/]", "[@click=app.hit]x[/@click]", "[link=http://evil.example]x[/link]", "[/]", "[/ foo", "[/foo]", "\\[", "$var",
    "[bold", "[red]x", "[[[", "]]]", "[]", "[@click=]", "[on $primary]", "[@click=app.hit(]", "%s{0}{name}",
]  # fmt: skip
_UNICODE = [
    "\u202egpj.exe", "\u2066a\u2069", "\u200b\u200d\ufeff", "\U000e0041\U000e0042", "\ud800", "\u2028\u2029", "❤\ufe0f👩\u200d💻",
    "z" + "\u0336" * 60, "\u3164\u1160", "\U0001f1e9\U0001f1ea",
]  # fmt: skip

PAYLOADS: list[str] = [f"{payload}end" for payload in _SEQUENCES + _MARKUP + _UNICODE]
BRACKETS: list[str] = ["".join(parts) for parts in product("[]/@", "a[=", "]/\\", "$[ ")]
