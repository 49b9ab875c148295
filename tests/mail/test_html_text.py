"""HTML as text for a terminal."""

from __future__ import annotations

import pytest

from tui_desk.mail.html_text import html_to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        ("<ol start=3><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n4. b\n  * c"),
        ("<table border=1><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b"),
        ('<a href="https://evil.example/x">https://bank.example</a>', "https://bank.example <https://evil.example/x>"),
        ('<a href="https://example.org/">example.org</a>', "example.org"),
        ('<a href="mailto:a@example.org">a@example.org</a>', "a@example.org"),
        ('<a href="javascript:x()">click</a>', "click"),
        ('<img src="https://track.example/1.gif" width=1 height=1>', ""),
        ('<img src="cid:1" alt="a chart">', "[a chart]"),
        ("a<style>p{}</style><script>alert('<p>')</script>b", "ab"),
        ('a<span style="display:none">hidden</span>b', "ab"),
        ("a<!-- no -->b<!--[if mso]><p>mso</p><![endif]-->c", "abc"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>three", "> one\n> \n> > two\n\nthree".replace("> \n", ">\n")),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("5 &lt; 6 &amp; 7 &gt; 2 &euro;", "5 < 6 & 7 > 2 €"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("&#27;[2J&#0;x", "[2J\ufffdx"),
        ("<a title='a > b' href=\"https://example.org\">x</a>", "x <https://example.org>"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
    ],
)  # fmt: skip
def test_html(markup: str, text: str) -> None:
    assert html_to_text(markup).text == text
