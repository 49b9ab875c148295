"""What kind of mail it is: written by a person, an automatic reply, a list, our own mail come back in a circle.

Bounces and reports are told by ``mail.bounce``. Automatic replies follow RFC 3834 first and the habits of programs second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.headers import Fields, first, text_of
from tui_desk.mail.message import Address, MailKind

_PREFIX: Final = r"^\s*(?:(?:re|aw|sv|antw|fwd?)\s*:\s*)*"
# What programs write; a person would not begin a subject so.
_AUTO_SUBJECT: Final = re.compile(
    _PREFIX
    + r"(?:\[?auto[- ]?(?:matic|mated)?[- ]?(?:reply|response|responder|answer|antwort|respuesta)\b|autoreply|auto:|automatische? (?:antwort|reactie|beantwoording)|automatisches? antwort|out[- ]of[- ](?:the[- ])?office\s*(?:[:：-]|auto|reply|message|notification|$)|"
    r"ooo\s*:|vacation (?:reply|response|message|notice)|abwesenheits(?:notiz|nachricht|meldung|assistent|info|benachrichtigung)|abwesen(?:d|heit)\s*[:：(]|urlaubs(?:notiz|meldung|abwesenheit)|réponse automatique|absence du bureau|message d'absence|absence\s*[:：]|respuesta autom|"
    r"fuera de (?:la )?oficina\s*[:：]|resposta autom|risposta automatica|fuori (?:sede|ufficio)\s*[:：]|afwezig(?:heid)?\s*[:：]|afwezigheids(?:bericht|melding)|automatiskt? sva[rt]|frånvaromeddelande|autosvar|fraværsassistent|automaattinen vastaus|poissaoloviesti|odpowiedź automatyczna|automatyczna odpowiedź|"
    r"automatická odpov|automatikus válasz|házon kívül|răspuns automat|автоответ|автоматический ответ|автоматична відповідь|автоматичен отговор|otomatik yanıt|自动回复|自動回覆|自動返信|自動応答|不在通知|부재중|자동 ?회신|자동 응답|trả lời tự động|jawaban otomatis)",
    re.IGNORECASE,
)
# What a person on leave may write too: an automatic reply only with a second sign.
_AWAY_SUBJECT: Final = re.compile(
    _PREFIX
    + r"(?:out[- ]of[- ](?:the[- ])?office|ooo\b|i(?:'m| am) (?:currently )?(?:out of (?:the )?office|away|on (?:vacation|leave|holiday))|(?:on |away on )(?:vacation|leave|holiday)\b|vacation|away (?:from|until)|abwesen|ich bin (?:nicht|im urlaub)|nicht im büro|urlaub|absen(?:t|ce)|fuera de|ausen(?:te|cia)|fora d[eo]|ausência|"
    r"fuori|assen(?:te|za)|afwezig|frånvar|fravær|ikke til stede|poissa|poza biurem|nieobecn|mimo kancelář|nepřítom|távol|вне офиса|отсутств|відсутн|ofis dışında|vắng mặt)",
    re.IGNORECASE,
)
_AUTO_HEADERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-auto-reply-from",
    "x-mail-autoreply",
)
_VACATION_AGENT: Final = re.compile(r"vacation|autorespond|auto-?reply|out of office", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the kind is judged by."""

    fields: Fields
    content_type: str
    params: dict[str, str]
    subject: str
    text: str
    from_: tuple[Address, ...]


def kind_of(
    signs: Signs, *, bounce: bool, report: bool, own_addresses: frozenset[str], desk_tokens: frozenset[str]
) -> MailKind:
    """The kind of a mail; ``bounce`` and ``report`` say what ``mail.bounce`` found."""
    if report:
        return "report"
    if bounce:
        return "bounce"
    if _is_own(signs, own_addresses, desk_tokens):
        return "loop"
    if _is_auto_reply(signs):
        return "auto_reply"
    if _is_list(signs, own_addresses):
        return "list"
    return "personal"


def _is_own(signs: Signs, own_addresses: frozenset[str], desk_tokens: frozenset[str]) -> bool:
    token = text_of(signs.fields, "x-tui-desk", 200)
    if token and token in desk_tokens:
        return True
    return any(person.address.lower() in own_addresses for person in signs.from_)


def _is_auto_reply(signs: Signs) -> bool:
    fields = signs.fields
    submitted = text_of(fields, "auto-submitted", 60).lower()
    if submitted.startswith("auto-replied"):
        return True
    if any(first(fields, name) is not None for name in _AUTO_HEADERS):
        return text_of(fields, "x-autoreply", 20).lower() not in ("no", "false")
    precedence = text_of(fields, "precedence", 40).lower().replace("-", "_")
    if precedence in ("auto_reply", "autoreply"):
        return True
    if _AUTO_SUBJECT.match(signs.subject):
        return True
    answers = first(fields, "in-reply-to") is not None or first(fields, "references") is not None
    generated = submitted.startswith("auto-generated")
    suppressed = text_of(fields, "x-auto-response-suppress", 60).lower()
    if answers and (
        generated
        or precedence == "junk"
        or ("oof" in suppressed and "rn" in suppressed)
        or suppressed == "all"
    ):
        return True
    second_sign = (
        answers or generated or bool(suppressed) or precedence in ("bulk", "junk") or _null_path(fields)
    )
    if second_sign and _AWAY_SUBJECT.match(signs.subject):
        return True
    return bool(
        _VACATION_AGENT.search(text_of(fields, "x-mailer", 100) or text_of(fields, "user-agent", 100))
    )


def _null_path(fields: Fields) -> bool:
    return (first(fields, "return-path") or b"x").strip() == b"<>"


def _is_list(signs: Signs, own_addresses: frozenset[str]) -> bool:
    """Mail of a list or a mass mailing; a group address of our own that passes customers' mail on does not count."""
    fields = signs.fields
    list_id = text_of(fields, "list-id", 300).lower()
    posts = text_of(fields, "list-post", 300).lower()
    for own in own_addresses:
        if own in posts or own.replace("@", ".") in list_id:
            return False
    precedence = text_of(fields, "precedence", 40).lower()
    if list_id or (posts and "mailto:" in posts) or precedence == "list":
        return True
    return first(fields, "list-unsubscribe") is not None and (
        precedence == "bulk"
        or first(fields, "list-unsubscribe-post") is not None
        or first(fields, "feedback-id") is not None
    )
