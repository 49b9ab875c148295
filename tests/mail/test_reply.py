"""The author's own words, the history below, above and between them, and signatures: by program and language."""

from __future__ import annotations

import pytest

from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.reply import segments_of

ATTRIBUTIONS = [
    "On Mon, Oct 19, 2026 at 9:00 AM Support Desk <support@example.net> wrote:",
    "On Mon, Oct 19, 2026 at 9:00 AM Support Desk <\nsupport@example.net> wrote:",
    "On 19/10/2026 09:00, Support wrote:",
    "On Oct 19, 2026, at 9:00 AM, Support Desk <support@example.net>\nwrote:",
    "Am 19.10.2026 um 09:00 schrieb Support:",
    "Am Mo., 19. Okt. 2026 um 09:00 Uhr schrieb Support <support@example.net>:",
    "Support <support@example.net> schrieb am Mo., 19. Okt. 2026, 09:00:",
    "Le lun. 19 oct. 2026 à 09:00, Support <support@example.net> a écrit :",
    "El lun, 19 oct 2026 a las 9:00, Support (<support@example.net>) escribió:",
    "Em seg., 19 de out. de 2026 às 09:00, Support <support@example.net> escreveu:",
    "Il giorno lun 19 ott 2026 alle ore 09:00 Support <support@example.net> ha scritto:",
    "Op ma 19 okt 2026 om 09:00 schreef Support <support@example.net>:",
    "Den mån 19 okt. 2026 kl 09:00 skrev Support <support@example.net>:",
    "Den 19.10.2026 kl. 09.00 skrev Support:",
    "ma 19. lokak. 2026 klo 9.00 Support (support@example.net) kirjoitti:",
    "pon., 19 paź 2026 o 09:00 Support <support@example.net> napisał(a):",
    "po 19. 10. 2026 v 9:00 odesílatel Support <support@example.net> napsal:",
    "пн, 19 окт. 2026 г. в 09:00, Support <support@example.net>:",
    "19.10.2026 09:00, Support пишет:",
    "Support <support@example.net>, 19 Eki 2026 Pzt, 09:00 tarihinde şunu yazdı:",
    "2026年10月19日(月) 9:00 Support <support@example.net>:",
    "在 2026年10月19日，09:00，Support <support@example.net> 写道：",
    "Vào Th 2, 19 thg 10, 2026 vào lúc 09:00 Support <support@example.net> đã viết:",
    "2026-10-19 9:00 GMT+02:00 Support <support@example.net>:",
]
SEPARATORS = [
    "-----Original Message-----\nFrom: Support <support@example.net>\nSent: Monday\nSubject: RE: x",
    "-----Ursprüngliche Nachricht-----\nVon: Support",
    "----- Mensaje original -----\nDe: Support",
    "-------- Message d'origine --------\nDe : Support",
    "From: Support <support@example.net>\nSent: Monday, October 19, 2026 9:00 AM\nTo: Ana\nSubject: RE: x",
    "________________________________\nVon: Support <support@example.net>\nGesendet: Montag\nAn: Ana\nBetreff: AW: x",
    "De: Support [mailto:support@example.net]\nEnviado el: lunes\nPara: Ana\nAsunto: RE: x",
    "De : Support <support@example.net>\nEnvoyé : lundi\nÀ : Ana\nObjet : x",
    "*From:* Support <support@example.net>\n*Sent:* Monday\n*To:* Ana\n*Subject:* x",
    "Da: Support <support@example.net>\nInviato: lunedì\nA: Ana\nOggetto: x",
    "发件人: Support <support@example.net>\n发送时间: 2026年10月19日\n收件人: Ana\n主题: x",
    "##- Please type your reply above this line -##\n\nYour request has been updated.",
]


def told(text: str) -> tuple[str, str, str]:
    """(reply, authored, quoted)."""
    segments = segments_of(text)
    assert "".join(segment.text for segment in segments) == text

    def of(*kinds: str) -> str:
        return "".join(segment.text for segment in segments if segment.kind in kinds).strip()

    return of("body"), of("body", "signature"), of("quote")


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_history_below_the_answer(attribution: str) -> None:
    reply, authored, quoted = told(f"It works now.\n\n{attribution}\n\n> Did you restart it?\n>\n> Support\n")
    assert reply == authored == "It works now."
    assert quoted.startswith(attribution.split("\n")[0])


@pytest.mark.parametrize("attribution", [a for a in ATTRIBUTIONS if "\n" not in a])
def test_history_without_marks(attribution: str) -> None:
    assert told(f"It works now.\n\n{attribution}\n\nDid you restart it?\nSupport\n")[0] == "It works now."


@pytest.mark.parametrize("separator", SEPARATORS)
def test_history_below_a_separator(separator: str) -> None:
    reply, _, quoted = told(f"It works now.\n\n{separator}\n\nDid you restart it?\n")
    assert reply == "It works now."
    assert "Did you" in quoted or "updated" in quoted


@pytest.mark.parametrize("attribution", [a for a in ATTRIBUTIONS if "\n" not in a][:12])
def test_the_answer_below_the_history(attribution: str) -> None:
    assert told(f"{attribution}\n> Did you restart it?\n\nYes, twice.\n")[0] == "Yes, twice."


def test_answers_between_the_lines_keep_their_questions() -> None:
    text = "On 19/10/2026 09:00, Support wrote:\n> Did you restart it?\n\nYes.\n\n> Which floor?\n\nThe third.\n\n> Regards\n"
    reply, _, quoted = told(text)
    assert reply == "> Did you restart it?\n\nYes.\n\n> Which floor?\n\nThe third."
    assert "wrote:" in quoted
    assert "> Regards" in quoted


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the printer broke.\nMy colleague wrote: it is dead.\n",
        "Date: Monday\nTime: 10:00\nPlace: third floor\n",
        "From Berlin to Paris on 19/10/2026 at 9:00.\n",
        "He said:\nit does not print\n",
        "Steps:\n1. print\n2. wait\n\nResult:\nnothing\n",
        "> only a quotation\n",
        "a > b and b < c\n",
        "-----\nTable\n-----\na  b\n",
        "The folder is C:\\temp and the mail is ana@example.org:\nplease look\n",
    ],
)
def test_in_doubt_it_is_the_author_s(text: str) -> None:
    assert told(text)[1] == text.strip()


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna García\nExample Ltd.",
        "--\nAna",
        "Sent from my iPhone",
        "Gesendet von meinem iPhone",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPad",
        "Отправлено с iPhone",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Best regards,\nAna García\n+34 600 000 000",
        "Mit freundlichen Grüßen\nAna García",
        "Cordialement,\nAna",
        "Un saludo,\n\nAna García",
        "Cumprimentos,\nAna",
        "________________\nAna García\nTel: +34 600 000 000",
    ],
)
def test_signatures(signature: str) -> None:
    reply, authored, _ = told(f"The printer on the third floor is broken.\n\n{signature}\n")
    assert reply == "The printer on the third floor is broken."
    assert authored.endswith(signature.split("\n")[-1])


def test_thanks_alone_is_no_signature() -> None:
    assert told("Please send it.\n\nThanks\n")[0] == "Please send it.\n\nThanks"


@pytest.mark.parametrize(
    ("markup", "own"),
    [
        (
            '<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Oct 19, 2026 Support '
            "&lt;<a href='mailto:s@example.net'>s@example.net</a>&gt; wrote:<br></div><blockquote class='gmail_quote'>"
            "Did you?</blockquote></div>",
            "Yes.",
        ),
        (
            "<p>Yes.</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b> S<br><b>Sent:</b> Monday<br>"
            "<b>To:</b> A<br><b>Subject:</b> x</div><p>Did you?</p>",
            "Yes.",
        ),
        (
            "<p>Yes.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> S &lt;s@example.net&gt;<br>"
            "<b>Gesendet:</b> Montag<br><b>An:</b> A<br><b>Betreff:</b> x</p></div><p>Did you?</p>",
            "Yes.",
        ),
        (
            "<p>Yes.</p><div class='moz-cite-prefix'>Am 19.10.26 um 09:00 schrieb S:<br></div>"
            "<blockquote type='cite'><p>Did you?</p></blockquote>",
            "Yes.",
        ),
        (
            "<div>Yes.</div><div class='yahoo_quoted'><div>On Monday, S wrote:</div><div>Did you?</div></div>",
            "Yes.",
        ),
        (
            "Yes.<br><div><blockquote type='cite'><div>On 19 Oct 2026, at 09:00, S &lt;s@example.net&gt; wrote:</div>"
            "<div>Did you?</div></blockquote></div>",
            "Yes.",
        ),
    ],
)
def test_html_of_the_usual_programs(markup: str, own: str) -> None:
    found = html_to_text(markup)
    segments = segments_of(found.text, found.history, found.history_from)
    assert "".join(segment.text for segment in segments if segment.kind == "body").strip() == own
