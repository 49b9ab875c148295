"""What is read while one writes: Markdown in a line, words whose spelling counts, paths that terminals put in."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_desk.core.link_text import marked
from tui_desk.mail.markdown import markdown_to_html
from tui_desk.rules.dropped_paths import readings
from tui_desk.rules.html_outline import outline
from tui_desk.rules.markdown_spans import code_lines, spans
from tui_desk.rules.spelling import dictionary_for, is_named, language_of, name_words, words_of

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda name: name.strip() == name and "/" not in name and "\x85" not in name and name not in (".", "..")
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda names: "/" + "/".join(names))


@settings(max_examples=40)
@given(st.lists(PATHS, min_size=1, max_size=4, unique=True))
def test_paths_come_back_as_every_terminal_puts_them_in(paths: list[str]) -> None:
    escaped = [
        "".join(f"\\{char}" if not char.isalnum() and char != "/" else char for char in p) for p in paths
    ]
    for text in (
        " ".join(map(shlex.quote, paths)) + " ",
        " ".join(escaped),
        "\n".join(f"file://{quote(path)}" for path in paths),
    ):
        assert tuple(paths) in readings(text), text


@given(PATHS)
def test_one_path_with_bare_blanks_is_one(path: str) -> None:
    assert any((path,) == reading for reading in readings(path)) or path[0] == path[-1] or "//" in path


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_without_a_fault(text: str) -> None:
    for reading in readings(text):
        assert all(path.startswith(("/", "~/")) for path in reading)


@pytest.mark.parametrize(
    "text", ["see /etc/hosts", "", "/", "//server/share", "file://other/x", "'/open", "a\n/b"]
)
def test_what_is_no_path_stays_text(text: str) -> None:
    assert all(text.strip() == path for reading in readings(text) for path in reading)
    assert not readings(text) or text == "'/open"


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("# Head", ["heading"]),
        ("- item with **bold**, *more* and `x`", ["item", "strong", "emphasis", "code"]),
        ("> quoted ~~s~~", ["quote", "strike"]),
        ("see https://a.b/c_d_e or [x](http://y)", ["url", "link"]),
        ("2*3*4 and snake_case_name, \\*no\\*", []),
        ("---", ["rule"]),
    ],
)
def test_markdown_of_a_line(line: str, kinds: list[str]) -> None:
    assert [span.kind for span in spans(line)] == kinds


def test_fenced_code_is_code_to_its_end() -> None:
    assert code_lines(["a", "```py", "# x", "```", "b", "~~~", "c"]) == {1, 2, 3, 5, 6}


@given(st.text(st.sampled_from("*_`[]()~#>-ab \\<@:/."), max_size=400))
def test_spans_stay_within_the_line(line: str) -> None:
    for span in spans(line):
        assert 0 <= span.start < span.end <= len(line)


def test_no_line_takes_long() -> None:
    began = time.process_time()
    for part in ("*", "a", "[", "**a", "`", "_a", "[a](", "~~a", "**a ", "*a ", "<a@", "http://"):
        line = (part * 2_000)[:2_000]
        spans(line)
        words_of(line)
    assert words_of("a" * 1_000) == ()
    assert marked(f"{'a' * 100_000} bank.test <https://other.test/>").count("⚠") == 1
    assert time.process_time() - began < 5


def test_only_words_of_ones_own_are_looked_at() -> None:
    line = "Teh VPN at me@x.test, https://a.b/teh, `teh` {teh.name} #12 @ana v2 iPhone /etc/teh don't [teh](http://x/teh)"
    assert [word.text for word in words_of(line)] == ["Teh", "at", "don't", "teh"]
    assert words_of("> teh") == ()
    assert words_of("teh", in_code=True) == ()
    names = name_words(["Otto Müller", "ACME"])
    assert is_named("Otto's", names)
    assert not is_named("Ottos-x", names)


def test_the_language_is_that_of_the_text_or_of_the_requester() -> None:
    known = ("en", "es", "de")
    assert language_of("Gracias por su mensaje, no es para el equipo", known) == "es"
    assert language_of("Danke für die Nachricht, wir haben das und nicht die", known) == "de"
    assert language_of("VPN", known) == ""
    there = ("de_AT", "de_DE", "en_GB", "en_US", "es_MX")
    assert [dictionary_for((one,), there) for one in ("de", "es", "es-MX", "en-GB", "fr", "")] == [
        "de_DE",
        "es_MX",
        "es_MX",
        "en_GB",
        "",
        "",
    ]


def test_the_html_of_a_mail_reads_as_its_reader_sees_it() -> None:
    html = markdown_to_html("# A\nb **c** [d](http://e)\n\n- f\n  - g\n\n3. h\n\n> i\n\n```\nj\n  k\n```")
    read = ["".join(run.text for run in runs) for runs in outline(html)]
    assert read == ["A", "", "b c d <http://e>", "", "• f", "  • g", "", "3. h", "", "│ i", "", "j", "  k"]


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_whatever_is_written_reads_without_a_fault(text: str) -> None:
    outline(markdown_to_html(text))


def test_a_word_that_takes_a_dictionary_hours_is_taken_for_known(tmp_path: Path) -> None:
    (tmp_path / "de.aff").write_text("SET UTF-8\nCOMPOUNDFLAG Z\nCOMPOUNDMIN 1\n")
    (tmp_path / "de.dic").write_text("2\na/Z\naa/Z\n")
    asked = json.dumps({"path": str(tmp_path / "de"), "words": ["x", "a" * 59 + "q", "y"]})
    reader = [sys.executable, "-m", "tui_desk.services.spelling_reader"]
    done = subprocess.run(reader, input=f"{asked}\n", capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"unknown": ["x"]}
