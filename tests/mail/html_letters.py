"""Replies in the HTML of the usual mail programs, made from the tables of languages. ``{own}`` is the answer.

Each entry is what the program sends, shortened to what its readers can go by.
"""

from __future__ import annotations

from html import escape
from typing import Final

from tests.mail.letters import MAIL, WHO, Language

ANSWER_ONLY: Final = "{own}"
REPLIES: Final = {
    "gmail": '<div dir="ltr">{own}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    '{linked}<br></div><blockquote class="gmail_quote" style="margin:0"><div dir="ltr">{asked}</div></blockquote></div>',
    "gmail, older": '<div dir="ltr">{own}</div><div class="gmail_extra"><br><div class="gmail_quote">{linked}<br>'
    '<blockquote class="gmail_quote">{asked}</blockquote></div></div>',
    "gmail, answer below": '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{linked}<br></div>'
    '<blockquote class="gmail_quote"><div>{asked}</div></blockquote></div><div><br></div><div>{own}</div>',
    "gmail through exchange": '<div>{own}</div><div class="x_gmail_quote"><div class="x_gmail_attr">{first}</div>'
    '<blockquote class="x_gmail_quote">{asked}</blockquote></div>',
    "outlook for windows": '<div class=WordSection1><p class=MsoNormal>{own}<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>'
    '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>{block}<o:p></o:p></p>'
    "</div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>{asked}<o:p></o:p></p></div>",
    "outlook on the web": '<div>{own}</div><div id="appendonsend"></div><hr tabindex="-1" style="width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{block}</font><div>&nbsp;</div></div><div>{asked}</div>',
    "outlook on the web, passed on": '<div>{own}</div><hr style="width:98%" tabindex="-1"><div id="x_divRplyFwdMsg" dir="ltr">'
    "{block}</div><div>{asked}</div>",
    "outlook for phones": '<div dir="auto">{own}</div><div id="ms-outlook-mobile-signature" dir="auto">{device}</div>'
    '<hr style="width:98%"><div id="divRplyFwdMsg">{block}</div>{asked}',
    "outlook for phones, newer": '<div dir="auto">{own}</div><div id="mail-editor-reference-message-container" '
    'class="ms-outlook-mobile-reference-message"><hr><div>{block}</div><div>{asked}</div></div>',
    "hotmail": '<div>{own}</div><hr id="stopSpelling"><div>{block}</div><div>{asked}</div>',
    "apple mail": '{own}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{linked}</div>'
    '<br class="Apple-interchange-newline"><div>{asked}</div></blockquote></div><br>',
    "iphone": '<div dir="ltr">{own}<br><br><div dir="ltr">{device}</div><div dir="ltr"><br><blockquote type="cite">{linked}<br><br>'
    '</blockquote></div><blockquote type="cite"><div dir="ltr">{asked}</div></blockquote></div>',
    "thunderbird": '<p>{own}</p><div class="moz-cite-prefix">{first}<br></div><blockquote type="cite" cite="mid:x"><p>{asked}</p></blockquote>',
    "thunderbird, answer below": '<div class="moz-cite-prefix">{first}<br></div><blockquote type="cite" cite="mid:x"><p>{asked}</p>'
    '<div id="divRplyFwdMsg">{block}</div></blockquote><p>{own}</p>',
    "yahoo": '<div class="ydp1 yahoo-style-wrap"><div>{own}</div><div><br></div></div><div id="ydp2yahoo_quoted_1" '
    'class="ydp2yahoo_quoted"><div><div>{first}</div><div><br></div><div>{asked}</div></div></div>',
    "yahoo, older": '<div>{own}</div><div class="qtdSeparateBR"><br><br></div><div class="yahoo_quoted"><div>{first}</div>{asked}</div>',
    "proton": '<div>{own}</div><div class="protonmail_quote">{first}<br><blockquote class="protonmail_quote" type="cite">{asked}</blockquote></div>',
    "zimbra": '<div>{own}</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{block}<br></div>'
    '<div data-marker="__QUOTED_TEXT__">{asked}</div>',
    "zoho": '<div>{own}</div><div class="zmail_extra"><br>---- {first} ----<br><blockquote>{asked}</blockquote></div>',
    "gmx": '<div>{own}</div><div name="quote"><div>{block}</div><div name="quoted-content">{asked}</div></div>',
    "qq": "<div>{own}</div><div><div>&nbsp;</div><div>------------------&nbsp;{original}&nbsp;------------------</div>"
    "<div>{block}</div><div>{asked}</div></div>",
    "163": '<div>{own}</div><div class="ntes-mailmaster-quote"><div>{first}</div><blockquote>{asked}</blockquote></div>',
    "mail.ru": '<div>{own}</div><blockquote style="border-left:1px solid #0857A6"><div>{first}</div><div>{asked}</div></blockquote>',
    "notes": '<font size=2 face="sans-serif">{own}</font><br><br>{table}<hr noshade><p>{asked}</p>',
    "roundcube": '<p>{own}</p><p id="reply-intro">{first}</p><blockquote type="cite"><div>{asked}</div></blockquote>',
    "tutanota": '<div>{own}</div><br>{first}<br><blockquote class="tutanota_quote">{asked}</blockquote>',
    "fastmail": '<div>{own}</div><div><br></div><div>{first}</div><blockquote type="cite" id="qt">{asked}</blockquote>',
    "aol": '<div>{own}</div><div><br></div>-----Original Message-----<br>{block}<br><div id="yiv1">{asked}</div>',
    "samsung": '<div>{own}</div><div><br></div><div id="composer_signature">{device}</div><div><br></div>'
    "<div>-------- {original} --------</div><div>{block}</div><div>{asked}</div>",
    "evolution": '<div>{own}</div><div>-----Original Message-----</div><blockquote type="cite">{block}<br>{asked}</blockquote>',
    "spark": '<div name="messageBodySection"><div>{own}</div></div><div name="messageReplySection">{linked}<br>'
    '<blockquote type="cite">{asked}</blockquote></div>',
    "front": '<div>{own}</div><blockquote type="cite" class="front-blockquote">{first}<br>{asked}</blockquote>',
}  # fmt: skip


def html_reply(client: str, language: Language) -> str:
    """The HTML of a reply that ``client`` sends in ``language``."""
    first = escape(language.attributions[0].format(n=WHO, m=MAIL))
    sender, sent, to, _, subject = language.block
    headers = (
        (sender, f"{WHO} <{MAIL}>"),
        (sent, language.sent),
        (to, "Bo <bo@example.org>"),
        (subject, "RE: x"),
    )
    return REPLIES[client].format(
        own=escape(language.own),
        asked=escape(language.asked),
        first=first,
        linked=first.replace(MAIL, f'<a href="mailto:{MAIL}">{MAIL}</a>'),
        block="<br>".join(f"<b>{escape(label)}:</b> {escape(value)}" for label, value in headers),
        table="<table>"
        + "".join(f"<tr><td>{escape(k)}:</td><td>{escape(v)}</td></tr>" for k, v in headers)
        + "</table>",
        device=escape(language.device[0]),
        original=escape(language.original[-1].strip("- ")),
    )
