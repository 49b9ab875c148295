"""HTML as text for a terminal: what is shown, what is dropped, and that neither broken nor hostile markup changes that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pace import affordable
from tui_desk.mail.html_table import WIDTH, width
from tui_desk.mail.html_text import Link, html_to_text


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
        ('<a href="https://evil.example/x">https://bank.example</a>', "https://bank.example [1] <https://evil.example/x>"),
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
        ("<a title='a > b' href=\"https://example.org\">x</a>", "x [1] <https://example.org>"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
    ],
)  # fmt: skip
def test_html(markup: str, text: str) -> None:
    assert html_to_text(markup).text == text


HIDDEN = [
    'style="display:none"',
    "style='DISPLAY : NONE !important'",
    'style="visibility:hidden"',
    'style="mso-hide:all"',
    'style="font-size:0"',
    'style="font-size:1px;line-height:1px"',
    'style="font-size:0px"',
    'style="max-height:0px;overflow:hidden"',
    'style="height:0;overflow:hidden"',
    'style="width:0px;overflow:hidden;"',
    'style="opacity:0"',
    'style="opacity:0.0;"',
    'style="text-indent:-9999px"',
    'style="position:absolute;left:-99999px"',
    'style="color:#ffffff"',
    'style="color:#FFF"',
    'style="color:white"',
    'style="color:rgb(255,255,255)"',
    'style="color:#fdfdfd"',
    'style="background-color:#123456;color:#123456"',
    'bgcolor="#123456" style="color:#123456"',
    'style="color:transparent"',
    'style="color:rgba(10,10,10,0)"',
    "hidden",
    'class="pre"',
]


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize("tag", ["div", "span", "p", "td"])
def test_hidden_text_is_dropped_and_what_follows_is_not(how: str, tag: str) -> None:
    inner = f"<{tag} {how}>secret <b>words</b></{tag}><{tag}>shown</{tag}>"
    markup = f"<style>.pre{{display:none}}</style>before<table><tr>{inner}</tr></table>after"
    text = html_to_text(markup).text
    assert "secret" not in text
    assert "words" not in text
    assert text.split() == ["before", "shown", "after"]


@pytest.mark.parametrize(
    "markup",
    [
        '<td style="font-size:0px"><div style="font-size:13px">shown</div></td>',
        '<div style="background:#036"><a style="color:#fff">shown</a></div>',
        '<div style="background:url(x.png)"><font color="white">shown</font></div>',
        '<table bgcolor="navy"><tr><td style="color:white">shown</td></tr></table>',
        '<style>.b{background:#036}</style><a class="b" style="color:#fff">shown</a>',
        '<style>body{background:#036}</style><body><p style="color:#fff">shown</p>',
        '<style>.w{color:#fff}</style><table><tr><td bgcolor="#000000" class="w">shown</td></tr></table>',
        '<style>td.x .w{color:#fff}</style><div style="background:#000"><span class=w>shown</span></div>',
        '<style>span{color:#fff}</style><div style="background:#000"><span>shown</span></div>',
        '<body bgcolor="#000000" text="#ffffff"><p>shown</p></body>',
        '<div style="background:#000">shown</div>',
        '<table bgcolor="#000"><tr><td><a href="#x" class="button">shown</a></td></tr></table>',
        '<div style="color:#fff"><a href="#x">shown</a></div>',
        "<style>@media (max-width:480px){.c{display:none}}</style><div class=c>shown</div>",
        "<style>.c .d{display:none}</style><div class=c>shown</div>",
        '<style>.c{display:none}</style><div class=c style="display:block">shown</div>',
        '<div style="max-height:100px">shown</div>',
        '<div style="line-height:0">shown</div>',
        '<div style="color:#333333">shown</div>',
        '<div style="font-size:0.8em">shown</div>',
        '<p style="display:none">x<p>shown',
        '<table><tr><td style="display:none">x<td>shown</table>',
        "<div style='display:none'>x</div>shown",
        "<div style='display:none'><div>x</div></div>shown",
        "<div style='display:none'>x</span></b></div>shown",
        "<p style='display:none'><b>x<div>shown",
        "<div><span style='display:none'>x</div>shown",
        "<head><p>shown",
        "<head><title>x</title></head>shown",
        "<html><head><style>p{}</style><body>shown",
        "<select>shown",
        '<img alt="x" width="1" height="1">shown',
        '<img alt="x" style="width:1px;height:1px">shown',
        '<img alt="x" style="display:none">shown',
        "<!--[if mso]>x<![endif]--><!--[if !mso]><!-->shown<!--<![endif]-->",
        "<![if !vml]>shown<![endif]>",
        '<?xml:namespace prefix = o ns = "urn:x" /><o:p>shown</o:p>',
        "<template>x</template><noscript>x</noscript><svg><text>x</text></svg>shown",
        "<input type=hidden value=x>shown",
    ],
)
def test_visible_text_stays(markup: str) -> None:
    assert html_to_text(markup).text.strip() == "shown"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        # Word and Outlook
        ("<p class=MsoNormal>Hi,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "Hi,\n\na\nb"),
        ("<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>item</p>", "* item"),
        ("<p class=MsoListParagraph><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>item</p>", "1. item"),
        ("<p style='margin:0'>a</p><p style='margin: 0cm 0cm 0.0001pt'>b</p><p>c</p>", "a\nb\n\nc"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"),
        ("a<br><br><br><br><br>b", "a\n\n\nb"),
        # lists
        ("<ol type=a><li>x<li>y</ol>", "a. x\nb. y"),
        ("<ol type=I start=4><li>x<li>y</ol>", "IV. x\nV. y"),
        ("<ol><li value=7>x<li>y</ol>", "7. x\n8. y"),
        ("<ul><li>a<ol><li>b<ul><li>c</ul></ol><li>d</ul>", "* a\n  1. b\n    * c\n* d"),
        ("<li>alone", "* alone"),
        ("<dl><dt>Term<dd>Meaning</dl>", "Term\n  Meaning"),
        # tables
        ("<table><tr><td><h1>Title</h1></td></tr><tr><td><p>Text</p></td></tr></table>", "Title\n\nText"),
        ("<table border=1><tr><td colspan=2>a</td><td>b</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>", "a |   | b\n1 | 2 | 3"),
        ("<table border=1><tr><td>a</td><td></td><td>b</td></tr><tr><td>1</td><td></td><td>3</td></tr></table>", "a | b\n1 | 3"),
        ("<table border=1><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>", "a b | c\nd   | e"),
        ("<table class=MsoTableGrid><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("<table border=1><tr><th>名前</th><th>数</th></tr><tr><td>紙</td><td>1</td></tr></table>", "名前 | 数\n紙   | 1"),
        ("x<table border=1><tr><td>a<td>b<tr><td>c<td>d</table>y", "x\n\na | b\nc | d\n\ny"),
        ('<blockquote><table border=1><tr><td>a<td>b<tr><td>c<td>d</table></blockquote>', "> a | b\n> c | d"),
        ("<table><tr><td>Arrives:<br><b>Friday</b></td><td>Ship to:<br>Ann</td></tr><tr><td>a</td><td>b</td></tr></table>", "Arrives:\nFriday\nShip to:\nAnn\na  b"),
        ("<p>x</p><table><tr><td>a</td><td>b</td></tr></table>", "x\n\na  b"),
        ("<table border=1><caption>Prices</caption><tr><th>a<th>b<tr><td>1<td>2</table>", "Prices\n\na | b\n1 | 2"),
        ("<table border=1><caption>Prices<tr><th>a<th>b<tr><td>1<td>2</table>", "Prices\n\na | b\n1 | 2"),
        ("<table border=1><tr><th rowspan=2>Day</th><th colspan=2>Time</th></tr><tr><th>from</th><th>to</th></tr><tr><td>Mo</td><td>8</td><td>12</td></tr></table>", "Day | Time |\n    | from | to\nMo  | 8    | 12"),
        ("<table border=1><tr><td>a</td><td rowspan=3>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr><tr><td>f</td><td>g</td></tr><tr><td>h</td><td>i</td><td>j</td></tr></table>", "a | b | c\nd |   | e\nf |   | g\nh | i | j"),
        # links
        ('<a href="https://t.example/?u=1">Buy</a>, <a href="https://t.example/2">more</a>', "Buy [1] <https://t.example/?u=1>, more [2] <https://t.example/2>"),
        ('<a href="//t.example/x">y</a>', "y [1] <https://t.example/x>"),
        ('<a href="tel:+4930123">+49 (30) 123</a>', "+49 (30) 123"),
        ('<a href="mailto:ana@example.org">Ana</a>', "Ana <mailto:ana@example.org>"),
        ('<a href="mailto:ana@example.org?subject=x">ana@example.org</a>', "ana@example.org"),
        ('<a href="data:text/html,x">y</a> <a href="#top">z</a> <a href="vbscript:x">w</a>', "y z w"),
        ('<a href="https://t.example/x"><img src="cid:1" alt="Our shop"></a>', "[Our shop] [1] <https://t.example/x>"),
        ('<a href="https://t.example/x"><img src="cid:1"></a>', "<https://t.example/x>"),
        ('<map><area href="https://t.example/x" alt="Shop"></map>', "[Shop] [1] <https://t.example/x>"),
        ("<a href='https://t.example/\nx'>y</a>", "y [1] <https://t.example/x>"),
        ('<a href="https://t.example/x">Shop</a><a href="https://t.example/y">ACME</a>', "Shop [1] <https://t.example/x> ACME [2] <https://t.example/y>"),
        ('<a href="https://t.example/x"><img alt="Shop"></a><img alt="ACME">', "[Shop] [1] <https://t.example/x> [ACME]"),
        ('<a href="https://t.example/x">https://t.example/x</a><b>ACME</b>.', "https://t.example/x ACME."),
        ('(<a href="https://t.example/x">here</a>), <a href="https://t.example/x"><img></a>!', "(here [1] <https://t.example/x>), <https://t.example/x>!"),
        ('<a href="https://t.example/x">Buy</a> <a href="https://t.example/y">or</a> <a href="https://t.example/x">now</a>', "Buy [1] <https://t.example/x> or [2] <https://t.example/y> now [1] <https://t.example/x>"),
        # what was filled in
        ("<p>Name: <input name=n value='Ann &amp; Bo'><input type=submit value=Send><p>Pin<input type=password value=x>", "Name: Ann & Bo\n\nPin"),
        ("Name<input type=text value=Ann>Town <input type=text value=Ulm>", "Name Ann Town Ulm"),
        ("Floor: <select><option>1<option selected>2 <b>up</b></option><option>3</select> of <select><option>9</select>5", "Floor: 2 up of 5"),
        ("<select style='display:none'><option selected>x</select>a", "a"),
        ("What: <textarea rows=2>It &lt;smokes&gt;\n  and <b>glows</textarea>now", "What:\nIt <smokes>\n  and <b>glows\nnow"),
        ("a<textarea style='display:none'>x</textarea><textarea></textarea>b", "a\nb"),
        # preserved text, other
        ('<div style="white-space:pre-wrap">a\n  b\n\nc</div>d', "a\n  b\n\nc\nd"),
        ("<pre>a\n\n\n\nb</pre>", "a\n\n\n\nb"),
        ("<input type=checkbox checked>done <input type=radio>open", "[x]done [ ]open"),
        ("<q>hi</q>", "“hi”"),
        ("so <math><mi>x</mi><mo>=</mo><mn>1</mn><annotation>x=1</annotation></math> then", "so x=1 then"),
        ("<div dir=rtl>שלום <b>עולם</b> 123</div>", "שלום עולם 123"),
        ("<p>مرحبا <a href='https://t.example'>هنا</a></p>", "مرحبا هنا [1] <https://t.example>"),
        ("<b>bo<i>ld</b>er</i>", "bolder"),
        ("order <s>two</s> <b>three</b>, <strike>not</strike> <del>this <i>one</i></del>.", "order ~~two~~ three, ~~not this one~~."),
        ("a<s></s>b<del> </del>c <s><img src=x></s>d", "ab c d"),
        ("a<div>b<div>c", "a\nb\nc"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&nothing; &#x1F600; &#99999999;", "¬hing; 😀 \ufffd"),
        ("a<hr>b", "a\n" + "-" * 40 + "\nb"),
    ],
)  # fmt: skip
def test_reading(markup: str, text: str) -> None:
    assert html_to_text(markup).text == text


def test_links_are_listed_by_number() -> None:
    found = html_to_text(
        '<a href="https://a.example">https://bank.example</a> <a href="https://b.example">b.example</a>'
    )
    assert found.links == (Link(1, "https://bank.example", "https://a.example"),)


CELLS = st.text(alphabet="abc äß名 xyz.,12", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(st.integers(2, 6).flatmap(lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=2, max_size=6)))  # fmt: skip
@settings(max_examples=60)
def test_tables_lose_nothing_and_fit(rows: list[list[str]]) -> None:
    markup = "<table border=1>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"  # fmt: skip
    text = html_to_text(markup).text
    assert sorted(text.replace("|", " ").split()) == sorted(
        " ".join(cell for row in rows for cell in row).split()
    )
    if " | " in text:
        assert all(width(line) <= WIDTH for line in text.split("\n"))


def test_a_table_that_is_too_wide_becomes_records() -> None:
    url = "https://example.org/" + "y" * 90
    markup = f"<table border=1><tr><th>Name</th><th>File</th></tr><tr><td>a</td><td>{url}</td></tr><tr><td>b</td><td>c</td></tr></table>"  # fmt: skip
    assert html_to_text(markup).text == f"Name: a\nFile: {url}\n\nName: b\nFile: c"


TREES = st.recursive(
    st.sampled_from(
        ["one", "two three", "<br>", "&nbsp;", "<img alt=pic>", "<a href='https://x.example/a'>go</a>"]
    ),
    lambda inner: st.tuples(
        st.sampled_from(
            ["div", "p", "b", "ul", "li", "blockquote", "table", "tr", "td", "h2", "span", "pre", "ol"]
        ),
        st.lists(inner, max_size=4),
        st.booleans(),
    ).map(lambda node: f"<{node[0]}>{''.join(node[1])}" + (f"</{node[0]}>" if node[2] else "")),
    max_leaves=25,
)


@given(TREES)
@settings(max_examples=150)
def test_every_visible_word_is_kept_in_order(markup: str) -> None:
    words = re.findall(r"one|two|three|pic|go", re.sub(r"href='[^']*'", "", markup))
    found = re.findall(r"one|two|three|pic|go", re.sub(r"<https[^>]*>", "", html_to_text(markup).text))
    assert found == words


@given(TREES)
@settings(max_examples=80)
def test_upper_case_comments_and_attributes_change_nothing(markup: str) -> None:
    plain = html_to_text(markup).text
    shouted = re.sub(r"<(/?)([a-z0-9]+)", lambda tag: f"<{tag[1]}{tag[2].upper()}", markup)
    assert html_to_text(shouted).text == plain
    assert html_to_text(re.sub(r"<([a-z]+)>", r"<!-- x --><\1 data-x='>' id=y>", markup)).text == plain
    assert html_to_text(markup.replace("\n", "\r\n")).text == plain


@given(st.text(alphabet="<>/=\"' !-abdiptr&;#x0\n", max_size=300))
@settings(max_examples=300)
def test_no_markup_raises(markup: str) -> None:
    found = html_to_text(markup)
    assert all(0 <= number <= len(found.text) for number in found.history)


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "piece",
    ["<div>", "</b>", "<", '<a href="', "<br>", "<table border=1><tr><td>", "<td>x", "<ul><li>x", "<blockquote>x", "<style>.a{", "<!--", "&amp;&#65;",
     "<p style='color:red;font-size:0'>x", "<table border=1><tr><td>a<td>b<tr><td>c<td>d</table>", "<b><i></b></i>", "<svg>", "x\n", "<a b='c>", "<![if "],
)  # fmt: skip
def test_a_megabyte_costs_little(piece: str) -> None:
    markup = piece * (MEGABYTE // len(piece))
    assert affordable(lambda: html_to_text(markup), 1.5)


@pytest.mark.parametrize(
    "tag", ["div", "b", "blockquote", "ul", "table", "td", "span style='color:red'", "a"]
)
def test_five_thousand_levels(tag: str) -> None:
    name = tag.split()[0]
    assert html_to_text(f"<{tag}>" * 5_000 + "deep" + f"</{name}>" * 5_000 + "<p>after").text.split()[-2:] == ["deep", "after"] or name in ("a",)  # fmt: skip
