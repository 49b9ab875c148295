"""The author's words that look like history or a signature, and history in unusual forms; nothing is ever lost.

In doubt a line is the author's. Every line is in exactly one segment; the time is linear in the size of the text.
"""

from __future__ import annotations

import itertools
from email.message import EmailMessage
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.letters import LANGUAGES, MAIL, WHO
from tests.support.pace import affordable
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.parse import parse
from tui_desk.mail.reply import segments_of

KEPT: Final = [
    "My mail came back:\n\n<bo@example.org>: host mx.example.org[192.0.2.45] said:\n    550 5.1.1 unknown user\n\nWhy?\n",
    "mx.example.org [192.0.2.45]:\n>>> DATA\n<<< 550 Unknown user\n\nWhat does it mean?\n",
    "While talking:\n>>> RCPT To:<bo@example.org>\n<<< 550 no\n550 5.1.1 <bo@example.org>... User unknown\n>>> DATA\n<<< 503\nend\n",
    "Here is the log:\n\n--------------------\nReceived: from unknown [192.0.2.89]\nGET http://example.org/ 500\n",
    "Hello\n\nPlease delete the attachment of my last mail. I was notified that it has a virus, and I did not intend to "
    "disclose the list of recipients to anybody outside.\n",
    "Name: Ana\nFrom: Berlin\nTo: Paris\nDate: 19.10.2026\nSubject: Booking\nMessage: please confirm\n",
    "You have a new submission:\n\nFrom: Ana <ana@example.org>\nSubject: Help\n\nMessage: my printer burns\n",
    "From: Ana <ana@example.org>\nDate: 19.10.2026\nSubject: Help\nMessage: my printer burns\n",
    "I see this in the log:\n> error 1\n> error 2\nWhat does it mean?\n",
    "I get this error:\n\n> segmentation fault\n> core dumped\n",
    "Hello,\nMy boss wrote:\n> we need it today\nCan you help?\n",
    "On 19.10.2026 at 9:00 your colleague Ann wrote:\nwe will refund you\n\nBut nothing came.\n",
    "Part one of my report is here.\n--\nPart two of the report is here and goes on. It says more.\nIt ends with this sentence, I think.\n",
    "Please call me.\n\nThanks,\nBob Miller\n\nPS: please also check the second printer, it is dead.\n",
    "Hi\n\nThanks,\nCan you also send me the invoice\n",
    "Hallo,\nDanke\ngeht wieder\n",
    "The parcel has not arrived.\n\nSent via DHL on Monday\n",
    "It fails every day.\n\nGet in touch if it fails again\n",
    "Bonjour,\n\nEnvoyé par courrier recommandé hier\n",
    "Where is my parcel?\n\nDelivered on Monday, says DHL\n",
    "Steps:\n1. open\n2. print\n\nExpected:\na page\n\nActual:\nnothing\n",
    "| a | b |\n| 1 | 2 |\n",
    "Here is the diff:\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-old\n+new\n",
    "```\nFrom: x\nTo: y\n```\nWhy does this header fail?\n",
    "From: 10:00\nTo: 12:00\nSubject: meeting room\nplease book\n",
    "Order 4711\n-----\nItem: printer\nTotal: 100\n",
    "In 2026 the director said:\nno more paper\n",
    "Am Montag schrieb mein Chef:\nwir brauchen das heute\nKönnen Sie helfen?\n",
    "On Monday, 19 October 2026 I called you. Nobody answered.\nAnn wrote: we call back.\n",
    "Le 19/10/2026 à 9:00 j'ai appelé. On m'a dit :\nrappelez demain\n",
    "Question one?\n\n---\n\nQuestion two?\n",
    "Dear support,\n\n***\nplease help\n***\n",
    "To: the person in charge\nSubject: complaint\n\nI am not happy.\n",
    "x > y and y > z\n> is my prompt\n$ ls\n",
    "Guten Tag,\nDatum: 19.10.2026\nVon: Berlin\nNach: Rom\nBitte buchen.\n",
    "Hi,\n\nmy address changed to:\nAnn Desk\nMain Street 1\nBerlin\n",
    "Best regards to Ann as well, she wrote such a nice mail yesterday.\n",
    "We use Outlook for iOS on all devices and it fails.\n",
    "It does not work on my phone.\nSent a screenshot with my mobile\n",
    "Yes.\n\nNo.\n\nMaybe\n",
    "Kind regards are not enough.\nI want my money\n",
    "Error: cannot connect\nDate: 2026-10-19 09:05\nHost: mail.example.org\n",
]
ANSWERED: Final = [
    ("Ok\n\n---- Bo Bold wrote ----\n\nq\n", "Ok"),
    ("Ok\n\nDate: Wed, 16 May 2012 00:15:02 -0600\nTo: a@example.com\n\nq\n", "Ok"),
    ("Ok\n\n+++ Bo [19/10/26 09:05 +0200]:\n> q\n", "Ok"),
    ("Ok\n\n* Bo <b@example.org> [2026-10-19 09:05]:\n> q\n", "Ok"),
    ("Ok\n\n──────────\nFrom: Bo <b@example.org>\nDate: Mon\nTo: Ann\nSubject: x\n\nq\n", "Ok"),
    ("Ok\n\nIn article <1@host.example>, Bo <b@example.org> wrote:\n> q\n", "Ok"),
    ("Ok\n\nSent from Samsung MobileBo <b@example.org> wrote:\n\n> q\n", "Ok"),
    ("Ok\n\nSent from Samsung MobileBo <b@example.org> wrote:\n\nq\n", "Ok"),
    ("I said so\nwrote:\n> q\n", "I said so"),
    ("Ok\n\nwrote:\n> q\n", "Ok"),
    ("Ok\n\nBo via Desk wrote:\n> q\n", "Ok"),
    ("Ok\n\nBo Bold writes:\n > q\n > r\n", "Ok"),
    (
        'Ok\n\n-Reply message ----- From: "Bo" <\nb@example.org>\nTo: <a@example.org>\nSubject: x Date: Mon, Apr 2, 2012 1:42 pm\nq\n',
        "Ok",
    ),
    (
        "Hi\n\nSee below.\n\nAnn\n\nOn Mon, Oct 19, 2026 at 9:05 AM Bo <b@example.org> wrote:\n\n> q\n\n_______________________________________________\nlist mailing list\nlist@example.org\nhttp://lists.example.org/\n",
        "Hi\n\nSee below.\n\nAnn",
    ),
    (": asked this\n: and that\n\nAnswer.\n", ": asked this\n: and that\n\nAnswer."),
    ("On 1.1.2026, Ann wrote:\n: asked this\n: and that\n\nAnswer.\n", "Answer."),
    ("On 1.1.2026, Ann wrote:\n| asked this\n| and that\n\nAnswer.\n", "Answer."),
    ("On 1.1.2026, Ann wrote:\nAD> asked this\nAD> and that\n\nAnswer.\n", "Answer."),
    ("##- Please type your reply above this line -##\n\nYes it works.\n", "Yes it works."),
    (
        "Yes.\n\nBegin forwarded message:\n\n> From: A <a@b.org>\n> Date: x\n> Subject: y\n>\n> hello\n",
        "Yes.",
    ),
    ("Yes.\n\n=================\n\nFrom: A <a@b.org>\nSent: Monday 19 Oct\nTo: c\nSubject: z\n\nq\n", "Yes."),
    (
        "Yes it does.\n\nThis e-mail and any attachments are confidential and intended solely for the recipient. If you are not the intended recipient, please notify the sender and delete it.\n",
        "Yes it does.",
    ),
    (
        "Ja.\n\nAnn\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.\n\nPlease consider the environment before printing this email\n",
        "Ja.\n\nAnn",
    ),
    ("Thanks!\r\n\r\nOn Mon, Oct 19, 2026 at 9:05 AM Bo <b@example.org> wrote:\r\n\r\n> q\r\n", "Thanks!"),
    (
        'Ok\n\nOn Oct 19, 2026 9:05 AM, "Very Long Name Of A Person"\n<very.long.name.of.a.person@mail.subdomain.example.org<mailto:very.long.name.of.a.person@mail.subdomain.example.org>>\nwrote:\n\n> q\n',
        "Ok",
    ),
    ("Ok\n\n> On Oct 19, 2026, at 9:05 AM, Bo <b@example.org> wrote:\n> \n> q\n", "Ok"),
    ("Ok\n\n> Le 19 oct. 2026 à 09:05, Bo <b@example.org> a écrit :\n> \n> ﻿\n> q\n", "Ok"),
    (
        "Ok.\n\n________________________________\nFrom: Bo <b@example.org>\nSent: Monday, October 19, 2026 9:05:12 AM\nTo: Ann\nCc: Cy;\n Di\nSubject: RE: x\n \nq\n",
        "Ok.",
    ),
    (
        "Ok.\n\n From: Bo <b@example.org>\n To: Ann <a@example.org>\n Sent: Monday, October 19, 2026 9:05 AM\n Subject: Re: x\n  \nq\n",
        "Ok.",
    ),
    (
        "Ok.\n\n\nBo Bold/Example\n19.10.2026 09:05\n\nTo\nAnn/Example@Example\ncc\n\nSubject\nRe: x\n\nq\n",
        "Ok.",
    ),
    (
        "Ok.\n\n\n\nFrom:\tBo Bold/Example\nTo:\tAnn/Example@EX\nDate:\t19.10.2026 09:05\nSubject:\tRe: x\n\n\n\nq\n",
        "Ok.",
    ),
    ("Ok.\n\n-----Original Appointment-----\nFrom: Bo\nSent: x\n", "Ok."),
    (
        "Ok.\n\n> -------- Original Message --------\n> Subject: x\n> From: Bo <b@example.org>\n> Date: Mon, October 19, 2026 9:05 am\n> To: a@example.org\n> \n> q\n",
        "Ok.",
    ),
    ("Ok.\n\n<b@example.org> wrote:\n> q\n", "Ok."),
    ("Ok.\n\nOn Mon, Oct 19, 2026, 9:05 AM <b@example.org> wrote:\n\n> q\n", "Ok."),
    ("Ok.\n\n---- On Mon, 19 Oct 2026 09:05:12 +0200 Bo <b@example.org> wrote ----\n\nq\n", "Ok."),
    ("Ok.\n\n---- Am Mo., 19 Okt. 2026 09:05:12 +0200 Bo <b@example.org> schrieb ----\n\nq\n", "Ok."),
    (
        "Ok.\n\n---------------------------------\nVon: Bo\nAn: Ann\nDatum: 19.10.2026\nBetreff: x\n\nq\n",
        "Ok.",
    ),
    (
        'Ok\n\nSent: Monday, October 19, 2026 at 9:05 AM\nFrom: "Bo" <b@example.org>\nTo: a@example.org\nSubject: Re: x\nq\n',
        "Ok",
    ),
    (
        'Ok\n\nGesendet: Montag, 19. Oktober 2026 um 09:05 Uhr\nVon: "Bo" <b@example.org>\nAn: a@example.org\nBetreff: Re: x\nq\n',
        "Ok",
    ),
    ("Ok\n\nOn Mon 19 Oct, 2026, 9:05 AM Bo, <b@example.org> wrote:\n> q\n", "Ok"),
    ("Ok.\n\nBo (Example GmbH) <b@example.org> hat am 19.10.2026 09:05 CEST geschrieben:\n\n> q\n", "Ok."),
    ("Ok.\n\n> Bo <b@example.org> hat am 19. Oktober 2026 um 09:05 geschrieben:\n>\n>\n> q\n", "Ok."),
    ("Ok.\n\nOn Monday, October 19, 2026 at 9:05:12 AM UTC+2 Bo wrote:\n\n> q\n", "Ok."),
    ("Ok.\n\nfrom: Bo\ndate: Oct 19, 2026\nto: Ann\nsubject: x\n\nq\n", "Ok."),
    (
        "Ok\n\n*From: *Bo <b@example.org>\n*Date: *Monday, October 19, 2026 at 9:05 AM\n*To: *Ann\n*Subject: *Re: x\n\nq",
        "Ok",
    ),
    (
        "Ok\n\n**From:** Bo <b@example.org>\n**Sent:** Monday, October 19, 2026 9:05 AM\n**To:** Ann\n**Subject:** Re: x\n\nq",
        "Ok",
    ),
    (
        "Ok\n\nFrom: Bo [mailto:b@example.org] \nSent: 19 October 2026 09:05\nTo: Ann\nSubject: Re: x\nImportance: High\n\nq",
        "Ok",
    ),
]


def told(text: str, *kinds: str) -> str:
    segments = segments_of(text)
    assert "".join(segment.text for segment in segments) == text
    return "".join(segment.text for segment in segments if segment.kind in (kinds or ("body",))).strip()


@pytest.mark.parametrize("text", KEPT)
def test_the_author_s_words_stay(text: str) -> None:
    assert told(text) == text.strip()


@pytest.mark.parametrize(("text", "own"), ANSWERED)
def test_unusual_history(text: str, own: str) -> None:
    assert told(text).replace("\r", "") == own


def test_answers_between_lines_of_apple_mail_keep_all() -> None:
    text = "> On 19 Oct 2026, at 09:05, Bo <b@example.org> wrote:\n> \n> q one\n\nanswer one\n\n> q two\n\nanswer two\n"
    assert told(text) == text.strip()


@pytest.mark.parametrize(
    ("markup", "own"),
    [
        (
            '<p>See inline.</p><blockquote type="cite"><div>On 1.1.2026, at 09:05, Ann &lt;a@example.org&gt; wrote:</div>'
            '<div>q1</div></blockquote><p>a1</p><blockquote type="cite"><div>q2</div></blockquote><p>a2</p>',
            "See inline.\n\n> On 1.1.2026, at 09:05, Ann <a@example.org> wrote:\n> q1\n\na1\n\n> q2\n\na2",
        ),
        (
            "<div>Own</div><blockquote>a citation</blockquote><div>What do you think?</div>",
            "Own\n\n> a citation\n\nWhat do you think?",
        ),
        (
            "<div>Own</div><table><tr><td>From:</td><td>Berlin</td></tr><tr><td>To:</td><td>Rome</td></tr></table>",
            "Own\n\nFrom:  Berlin\nTo:  Rome",
        ),
        (
            '<div class="moz-cite-prefix">On 1.1.2026 09:05, Ann wrote:<br></div><blockquote type="cite"><p>q</p>'
            '<div id="appendonsend"></div><div id="divRplyFwdMsg">old</div></blockquote><p>Below.</p>',
            "Below.",
        ),
        ('<div class="gmail_quote">Written where the quote was.</div>', "Written where the quote was."),
        ('<div class="gmail_quote">Ann, please:<br>Call me.</div>', "Ann, please:\nCall me."),
        (
            '<div class="gmail_quote"><div class="gmail_attr">On 1.1.2026 09:05, Ann &lt;a@example.org&gt; wrote:<br></div>'
            '<blockquote class="gmail_quote">q</blockquote></div>',
            "",
        ),
        (
            '<div class="yahoo_quoted"><div>On 1.1.2026 09:05, Ann &lt;a@example.org&gt; wrote:</div><div>q</div></div>',
            "",
        ),
    ],
)
def test_html_keeps_what_is_written_around_quotes(markup: str, own: str) -> None:
    found = html_to_text(markup)
    segments = segments_of(found.text, found.history, found.history_from)
    assert "".join(segment.text for segment in segments if segment.kind == "body").strip() == own


LINES: Final = st.one_of(
    st.sampled_from(
        [
            line
            for one in LANGUAGES.values()
            for line in (
                one.own,
                one.asked,
                f"> {one.asked}",
                one.attributions[0].format(n=WHO, m=MAIL),
                f"{one.block[0]}: {WHO} <{MAIL}>",
                f"{one.block[1]}: {one.sent}",
                f"{one.block[4]}: x",
                one.original[0],
                one.forwarded[0],
                one.device[0],
                one.closing,
            )
        ]
    ),
    st.sampled_from(
        [
            "",
            "--",
            "-- ",
            "---",
            "________________",
            ">",
            "> >",
            "| x",
            ": y",
            "To",
            "Subject",
            "<",
            f"{MAIL}> wrote:",
        ]
    ),
    st.text(max_size=40),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_every_line_is_in_exactly_one_segment(lines: list[str], end: str) -> None:
    text = end.join(lines)
    segments = segments_of(text)
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(segments))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES, max_size=25),
    st.sampled_from(["Re: x", "Fwd: x", "x"]),
    st.sampled_from(["plain", "html"]),
)
def test_nothing_of_a_mail_is_lost(lines: list[str], subject: str, subtype: str) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "bo@example.net", subject
    body = "\n".join(lines).encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    message.set_content(body, subtype=subtype, cte="base64")
    found = parse(message.as_bytes())
    assert "".join(segment.text for segment in found.segments) == found.text
    shown = "".join((found.reply, found.quoted, found.signature))
    assert sorted("".join(shown.split())) == sorted("".join(found.text.split()))


HOSTILE: Final = {
    "attributions": "On 19.10.2026 09:05 Ann <a@example.org> \n",
    "leads": "On " * 330 + "\n",
    "broken off": "<a@example.org\n",
    "colons": "a:\n",
    "verbs": "wrote:\n",
    "labels": "From: a\nSent: b\n",
    "glued labels": "From: a To: b Cc: c " * 45 + "\n",
    "angles": "<" * 900 + "\n",
    "addresses": "a@" * 450 + ":\n",
    "digits": "1" * 900 + ":\n",
    "dates": "1.1.1.1 " * 110 + ":\n",
    "words": "word " * 190 + ":\n",
    "rules": "---- a ---- b ---- c: " * 40 + "\n",
    "marks": ">" * 900 + "\n",
    "answers": "> a\nb\n",
    "blanks": " " * 900 + ":\n",
    "names": "Ann Bo Cy Di " * 70 + "\n",
    "disclaimers": "confidential recipient " * 40 + "\n\n",
    "devices": "Sent from my iPhone\n",
    "closings": "Thanks\n",
    "no spaces": "写道" * 450 + "\n",
    "one line": "a",
    "one line of labels": "From: a ",
    "one line of dashes": "-- ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_takes_less_than_a_second(name: str) -> None:
    piece = HOSTILE[name]
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    assert affordable(lambda: segments_of(text), 1.0)


def test_a_separator_that_is_only_spoken_of_cuts_nothing() -> None:
    text = (
        "The converter stops at this line:\n\n-----Original Message-----\n\n"
        "Can it be told to go on? I need it today.\n\nAnn\n"
    )
    assert "I need it today." in told(text)
    inside = "The log has\n-----Original Message-----\nand then it stops. Why?\n"
    assert told(inside) == inside.strip()


@pytest.mark.parametrize("name", ["Desk", "Support.Desk", "JD", "Zoë"])
def test_quotes_that_carry_a_name_are_folded_below_an_attribution(name: str) -> None:
    text = (
        f"It beeps.\n\nSupport Desk <desk@example.net> writes:\n\n{name}> Did you turn it on?\n{name}>\n\n"
        f"{name}> Does it beep?\n"
    )
    assert told(text) == "It beeps."


def test_prompts_are_no_quotes() -> None:
    text = "This is what I typed:\n\nmysql> select 1;\nmysql> quit\n\nRouter> show version\n\nWhat now?\n"
    assert told(text) == text.strip()


def test_the_footer_of_a_group_is_not_the_authors() -> None:
    footer = "__._,_.___\nPosted by: Ann\nReply via web post\nYahoo! Groups\n.\n\n__,_._,___\n"
    assert told(f"It beeps.\n\nAnn\n\n{footer}") in ("It beeps.", "It beeps.\n\nAnn")
    assert "And it smokes." in told(f"It beeps.\n\n{footer}\nAnd it smokes.\n")
    assert "__._,_.___" in told("It beeps.\n\n__._,_.___\nis what I see on the screen.\n")
