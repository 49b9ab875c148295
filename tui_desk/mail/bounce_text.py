"""The words of delivery reports that have no structure, in the main languages, and the addresses they name."""

from __future__ import annotations

import re
from typing import Final

BOUNCE_SUBJECT: Final = re.compile(
    r"undeliver|non[- ]?deliver|not (?:be )?delivered|delivery (?:has )?(?:fail|error|problem|report|status|delayed|unsuccess|incomplete|notification)|(?:fail|error|problem).{0,20}\bdeliver|failed delivery|returned (?:mail|e-?mail|message|to sender)|returning (?:mail|message|to sender)|"
    r"returning to sender|failure notice|failure delivery|mail (?:delivery )?(?:failed|failure|error|system error)|mail could not|message could not|could not (?:be )?(?:deliver|send)|delayed \d+|message delayed|delivery delay|mail delivery|warning: (?:message|could not send|mail)|permanent (?:delivery )?(?:failure|error)|"
    r"undelivrable|remise|non remis|échec de (?:la )?(?:remise|distribution)|unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|fehlgeschlagen.{0,20}zustell|rückläufer|no (?:se )?(?:puede|pudo|ha podido) (?:ser )?entrega|no entregad|mensaje no entregado|fallo de entrega|devuelto|não (?:foi )?entreg|falha (?:na )?entrega|"
    r"mancat(?:o|a) (?:recapito|consegna)|impossibile (?:recapitare|consegnare)|onbestelbaar|niet (?:worden )?(?:afgeleverd|bezorgd)|kan ikke leveres|kunde inte levereras|olevererbart|nie można dostarczyć|niedostarczon|не доставлен|недоставлен|не может быть доставлен|возвращ|iletilemedi|teslim edilemedi|"
    r"退信|无法投递|無法投遞|配信不能|配送不能|エラーメール|送信できません|반송|전송 실패|user unknown|delivery to .{1,80} failed|mail not delivered|rejected (?:mail|message)|message (?:not|un)deliver|mail returned|mailbox (?:full|unavailable)|auto-generated error|dsn: ",
    re.IGNORECASE,
)
DELIVERED_SUBJECT: Final = re.compile(
    r"\(relay\)|delivery receipt|delivered successfully|successfully delivered|delivery status notification \(success\)|^(?:delivered|relayed|read|gelesen|zugestellt|lu|leído|entregado):",
    re.IGNORECASE,
)
FAILED: Final = re.compile(
    r"(?:could|can|was|were|has|have|did|is|are)\s?(?:not|n't|n’t)\s(?:yet )?(?:be |been |able to )*(?:deliver|reach|sent|send|relay|process|accept|complet|rout)|unable to (?:deliver|reach|send|relay|complete)|undeliverable|undelivered|fail(?:ed|ure)?.{0,40}\bdeliver|deliver\w*.{0,60}\b(?:fail|abort|unsuccess|impossible|problem|error)|"
    r"(?:permanent|fatal|delivery) (?:delivery )?(?:errors?|failure|problem)|returned mail|user unknown|unknown (?:user|recipient|address|host)|no such (?:user|recipient|person|mailbox|address)|(?:mailbox|recipient|user|address|account|destination)\b.{0,60}\b(?:unavailable|not (?:found|exist|known|listed|recogni[sz]ed|valid)|does(?: not|n't) exist|"
    r"rejected|disabled|full|invalid|unknown|inactive|over quota|exceeded)|(?:invalid|bad|nonexistent|unknown) (?:final )?(?:delivery |destination |recipient |user |e-?mail )?(?:address|recipient|user|userid|mailbox|domain)|quota (?:exceeded|violation)|over (?:disk )?quota|host (?:or domain name )?(?:unknown|not found)|"
    r"(?:rcpt to|recipient).{0,60}\b5\d\d\b|\b5\d\d[ -]5\.\d{1,3}\.\d{1,3}\b|remote host said|no valid recipients|did not reach|relay(?:ing)? (?:access )?denied|message rejected|rejected (?:your|by)|bounced|transcript of session|smtp error|failed recipients?|blocked|refused|"
    r"unzustellbar|nicht (?:zugestellt|ausgeliefert|übermittelt)|konnte nicht|n'a pas (?:pu )?(?:été|être)|n’a pas pu|non remis|no (?:se )?(?:pudo|puede|ha podido)|no ha sido entregado|não (?:foi possível|pôde|pode)|nao (?:foi|pode)|impossibile|non (?:è stato|può essere) (?:consegn|recapit)|niet (?:worden )?(?:afgeleverd|bezorgd)|kan niet|"
    r"kunde inte|kunne ikke|nie (?:można|mogła|został)|не (?:удалось|может быть|был[ао]? |доставл)|недоставлен|teslim edilemedi|iletilemedi|无法|無法|退回|配信できません|送信できません|配送できません|届けられません|存在しません|エラー|전송.{0,10}실패|반송",
    re.IGNORECASE,
)
DELAYED: Final = re.compile(
    r"delayed|not yet (?:been )?delivered|still (?:being )?(?:trying|retried)|will (?:be retried|continue to|keep trying|be attempted)|has not (?:yet )?been delivered|warning message only|this is (?:just |only )?a warning|transient|temporar(?:y|ily)|delivery attempts will|noch nicht zugestellt|verzögert|retardé|différé|retras|atraso|ritard|vertraag|"
    r"задерж|延迟|延遲|遅延|지연",
    re.IGNORECASE,
)
COPY_BEGINS: Final = re.compile(
    r"^[>\s|*=-]*(?:below this line is a copy|enclosed is a copy|here is a copy of|original (?:message|mail|e-?mail)(?: (?:follows|headers?|text|below|body))?|unsent message|message (?:text|header|headers|body|content)s? follows|returned mail\b|undelivered message|the original message (?:follows|headers)|message header follows|"
    r"this is a copy of|copy of (?:the |your )?(?:original )?(?:message|mail)|a copy of the original message|(?:your )?(?:original|returned) (?:message|mail)(?: is| was)?(?: below| attached| included| follows)?|old message|content of (?:your|the) message|failed message|the (?:body|text|header) of (?:the|your) message|start of (?:returned|original) message|"
    r"mensaje original|ursprüngliche nachricht|message d'origine|messaggio originale|mensagem original|received: (?:from|by) )[^\n]*$"
    r"|^(?:return-path|received|dkim-signature|x-originating-ip):[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,128}@(?:\[[\d.]+\]|[A-Za-z0-9](?:[A-Za-z0-9_-]*)(?:\.[A-Za-z0-9_-]+)+)"
_ALONE: Final = re.compile(
    rf"^[\s>*•=-]*(?:\d+[.)]\s*)?(?:\"[^\"]*\"\s*)?(?:smtp:|mailto:|rfc822;)?\s*<?({_ADDRESS})>?(?:\s*\(<?{_ADDRESS}>?\))?[\s.:;,]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LEADING: Final = re.compile(
    rf"^[\s>*•-]*(?:\[?smtp:)?<?({_ADDRESS})>?\]?(?:\s*[:;,(]|\s+\.\.\.|\.\.\.|\s+(?:on|-|–|\w))",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED: Final = re.compile(
    rf"(?:(?:rcpt to|recipients?|to|for|user(?:id)?|error-for|address(?:es)?|mailbox|failed|empfänger|destinataires?|destinatarios?|an|para|宛先|收件人)\s*(?:\([^)]*\)\s*)?[:=]?|"
    rf"(?:deliver(?:ed|y)?|send|sent|message) (?:\w+ ){{0,4}}to)\s*[:=]?\s*(?:\"[^\"]{{0,80}}\"\s*)?[<\[(']?(?:smtp:|mailto:)?({_ADDRESS})",
    re.IGNORECASE,
)
_CODED: Final = re.compile(rf"^.{{0,200}}?\b[45]\d\d\b.{{0,80}}?<?({_ADDRESS})>?", re.MULTILINE)
_ANY: Final = re.compile(_ADDRESS)
_NEVER: Final = re.compile(
    r"^(?:postmaster|mailer-?daemon|abuse|support|admin|helpdesk|help|noc|root|webmaster|info|security)@",
    re.IGNORECASE,
)
_CONTACT_LINE: Final = re.compile(
    r"contact|assistance|help ?desk|questions|further|if you (?:have|believe)|please (?:send|forward|write)|mail (?:from|sender)|^\s*from\b|sender",
    re.IGNORECASE,
)


def recipients_in(text: str, ignored: set[str]) -> list[str]:
    """The addresses the report ``text`` complains about, by the surest of several signs; ``ignored`` are lower case."""
    lines = [line for line in text.split("\n") if "@" in line]
    kept = "\n".join(line for line in lines if not _CONTACT_LINE.search(line))
    for pattern in (_ALONE, _LEADING, _NAMED, _CODED, _ANY):
        found = _unique(pattern, kept, ignored)
        if found:
            return found
    return _unique(_NAMED, "\n".join(lines), ignored)


def _unique(pattern: re.Pattern[str], text: str, ignored: set[str]) -> list[str]:
    found: dict[str, str] = {}
    for match in pattern.finditer(text):
        address = (match[1] if pattern.groups else match[0]).strip(".'").removeprefix("mailto:")
        if address.lower() not in ignored and not _NEVER.match(address):
            found.setdefault(address.lower(), address)
    return list(found.values())
