"""What a delivery report says in words: the recipients it complains about, and why, line by line.

Every address of the report is weighed by the line it stands on: in a list under "the following recipients", before a
colon and a reason, behind ``RCPT TO``, in a sentence, in the description of the original mail. The surest kind wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.bounce_words import DELAYED, FAILED, REASONS
from tui_desk.mail.charsets import one_line

MAX_REASON: Final = 500
_MAX_LINES: Final = 2_000
_MAX_LINE: Final = 1_000
_WRAPPED: Final = 55
"""A line of this length may go on in the next one."""

_ADDRESS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,128}@(?:\[[\d.]+\]|[A-Za-z0-9\u00c0-\u024f](?:[\w-]{0,62})(?:\.[\w-]{1,62}){1,9})"
_ANY: Final = re.compile(rf"(?<![A-Za-z0-9_.+=-]){_ADDRESS}")
_BRACKETS: Final = r"[<\[(\"'`「『（]*(?:smtp:|mailto:|rfc822;\s*)?[<\[(\"'`]*"
_ALONE: Final = re.compile(
    rf"^[\s>*•·|o=-]*(?:\d+[.)]\s*)?(?:\"[^\"]*\"\s*|[^<>@]{{1,60}}\s+(?=[<\[(]))?{_BRACKETS}({_ADDRESS})[>\])\"'`」』）]*"
    rf"(?:\s*\(\s*<?{_ADDRESS}>?\s*\)|\s*<?mailto:[^>\s]*>?)?[\s.:;,>\])]*$",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    rf"^[\s>*•·|-]*(?:\d+[.)]\s*)?{_BRACKETS}({_ADDRESS})[>\])\"']*(?:\s*[:;,(=]|\s*\.\.\.|\s+(?:on|-+|–|—|->|=>|\w)|\t)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    rf"^[\s>*|-]*(?:(?:undeliverable|failed|intended|rejected|invalid|bad|final|recipient(?:'s)?|user(?:'s)?|error|unknown|original|destination|delivery|e-?mail|returned)[ -]*){{0,3}}"
    rf"(?:recipients?|address(?:es)?|mailbox(?: is full)?|user(?:id)?|rcpt|error-for|failed|empfänger(?:adresse)?|adressat|destinataires?|destinatarios?|destinat[aá]rio|destinatario|ontvanger|mottagare|modtager|odbiorca|příjemce|получатель|адресат|宛先(?:アドレス)?|送信先|受信者|收件人(?:地址)?|收信人|받는 ?사람|수신자)"
    rf"\s*(?:\(s\)|\(e?s\)|id)?\s*[:：=]\s*(?:\"[^\"]{{0,80}}\"\s*)?{_BRACKETS}({_ADDRESS})",
    re.IGNORECASE,
)
_RCPT: Final = re.compile(rf"\brcpt to\s*:?\s*(?:rfc822;)?\s*<?({_ADDRESS})>?", re.IGNORECASE)
_EXPANDED: Final = re.compile(
    rf"(?:expanded|generated|forwarded|generado|aliased) (?:from|by)\s*:?\s*<?({_ADDRESS})", re.IGNORECASE
)
_ADDRESSED: Final = re.compile(
    rf"(?:\b(?:deliver\w*|send|sent|addressed|undeliverable|message|mail|e-?mail|written|transmit\w*|forward\w*|relay|destined|reach(?:ed)?|for|user|mailbox|recipient|address|account|subscriber|box|a|to|an|für|pour|à|al?|para|voor|naar|till|til|do|adres\w*|на|для|пользователь|получател\w*)\b|[「『（：])"
    rf"(?:[\s:：]+|(?=[<\[(「『A-Za-z0-9]))(?<![A-Za-z0-9])(?:(?:the |user |recipient |address |mailbox |account )[\s:]*){{0,2}}(?:\"[^\"]{{0,80}}\"\s*)?{_BRACKETS}({_ADDRESS})",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"(?:not (?:able to )?(?:be |been )?|unable to |fail\w* to )(?:deliver|reach|send|sent)|did not reach|undeliverable to",
    re.IGNORECASE,
)
_CODED: Final = re.compile(rf"(?<!\d)[45]\d\d\b[^@]{{0,80}}?<?({_ADDRESS})>?")
_ORIGINAL_LABEL: Final = re.compile(
    r"^[\s>*|]*(?:to|cc|bcc|an|à|a|para|per|aan|till|til|do|кому|宛先|收件人|받는 ?사람)\s*[:：]",
    re.IGNORECASE,
)
_OTHER_LABEL: Final = re.compile(
    r"^[\s>*|]*(?:from|sender|mail from|reply-to|return-path|errors-to|subject|date|sent(?: date)?|message-?id|original-envelope-id|von|de|da|van|od|från|fra|от|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|тема|発信者|送信者|差出人|件名|发件人|主题|寄件者|x-[\w-]+|received|reporting-mta|remote-mta|envelope-(?:from|sender)|mailer|server|host)\s*[:：]",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(
    r"\bcontact\b|assistance|help ?desk|questions\b|\bplease (?:send|forward|write|e-?mail|reply|notify)|if you (?:have|believe|need|think|feel|wish)|mail (?:from|sender)\b|\bsender\b|\bfrom:?\s*<|message from|für (?:weitere|fragen)|kontaktieren|wenden sie sich|contactez|póngase en contacto|entre em contato|contattare|neem contact|обратитесь|お問い合わせ|ご連絡|联系|聯絡|문의|report (?:this|the) |reply to|\bunsubscribe\b|your account\b|envelope-from|^[^@]{0,40}\bon behalf of\b",
    re.IGNORECASE,
)
_LIST_BEGINS: Final = re.compile(
    r"(?:following|these|these are the|list of|one or more|all) (?:e-?mail |failed |delivery |invalid )?(?:recipients?|address(?:es|\(es\))?|users?|people|mailbox(?:es)?|person|destinations?)|(?:fail(?:ed|ing)?|undeliverable|invalid|rejected|bad|fatal) (?:recipients?|address(?:es)?)\b|failed addresses|(?:could|can|was|has|have|did) ?not (?:yet )?(?:be |been )?(?:deliver|reach|receive)\w*.{0,60}(?:to|recipient\w*(?:\(s\))?|address\w*(?:\(es\))?|user)\s*[:.]?\s*$|"
    r"(?:address(?:es)?|recipients?|message).{0,60}(?:fatal errors|transient|not (?:yet )?been delivered (?:is|are|to))|deliver\w* to the following|did not reach|unable to deliver|folgende[nr]? (?:empfänger|adresse)|destinataires? suivants?|adresses? suivantes?|siguientes? (?:destinatari|direcci)|seguintes? (?:destinat|endere)|seguenti? (?:destinatari|indirizz)|volgende (?:geadresseerde|ontvanger|adres)|"
    r"följande mottagare|følgende (?:mottaker|modtager)|następując\w* (?:adres|odbiorc)|следующ\w* (?:адрес|получател)|получател(?:ю|ям|ей)\b.{0,20}:\s*$|以下の(?:宛先|受信者|アドレス|メールアドレス)|下列收件人|以下收件人|다음 (?:받는|수신)",
    re.IGNORECASE,
)
_BARE_USER: Final = re.compile(r"^\s+[<\"']?([A-Za-z0-9][\w.+-]{1,63})[>\"']?(?:\s*$|\s*[(:]|\s{3,}\S)")
_RULE: Final = re.compile(r"^[\s>]*[-=_*#~+]{3,}")
_NEVER: Final = re.compile(r"^(?:postmaster|mailer-?daemon|mail-daemon)@", re.IGNORECASE)
_STAFF: Final = re.compile(
    r"^(?:abuse|support|admin|administrator|helpdesk|help|noc|root|webmaster|info|security|service|kundenservice|sysadmin|hostmaster)@",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(
    r"(?<=[.][A-Za-z]{2})([A-Za-z]*)[\u3040-\u30ff\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3]+\Z"
)
"""What Korean, Japanese and Chinese write behind an address without a blank."""
_SCRIPT_FAULTS: Final = str.maketrans("＠：＜＞", "@:<>")


@dataclass(frozen=True, slots=True)
class Found:
    """An address of the report: how sure it is that the report complains about it, and the line it stands on."""

    address: str
    weight: int
    line: int


def recipients_in(told: str, sender: set[str], our: set[str]) -> list[Found]:
    """The addresses ``told`` complains about, in their order. ``sender`` wrote the report, ``our`` received it (lower case):
    neither is meant while another address is there."""
    found = _weighed(told.split("\n")[:_MAX_LINES])
    usable = [one for one in found if one.address.lower() not in sender and not _NEVER.match(one.address)]
    for candidates in (
        [one for one in usable if one.address.lower() not in our and not _STAFF.match(one.address)],
        [one for one in usable if one.address.lower() not in our],
        usable,
    ):
        if candidates:
            best = max(one.weight for one in candidates)
            if best > 1:
                return _unique([one for one in candidates if one.weight == best])
    return []


def weak_recipients_in(told: str, ignored: set[str]) -> list[Found]:
    """The addresses the report gives as those of the original mail; the last resort."""
    found = _weighed(told.split("\n")[:_MAX_LINES])
    return _unique([one for one in found if one.weight == 1 and one.address.lower() not in ignored])


def local_recipients_in(told: str, domain: str) -> list[Found]:
    """Recipients given without a domain, in the lines under "the following recipients": users of ``domain``, the report's own."""
    lines = told.split("\n")[:_MAX_LINES]
    for number, line in enumerate(lines):
        if not _LIST_BEGINS.search(line):
            continue
        found: list[Found] = []
        others = 0
        for below, text in enumerate(lines[number + 1 : number + 40], start=number + 1):
            word = _BARE_USER.match(text)
            if word:
                found.append(Found(f"{word[1]}@{domain}", 2, below))
                continue
            others += bool(text.strip())
            if others > 1 or (found and others):
                break
        if found:
            return found
    return []


def _unique(found: list[Found]) -> list[Found]:
    kept: dict[str, Found] = {}
    for one in found:
        kept.setdefault(one.address.lower(), one)
    return list(kept.values())


def _weighed(lines: list[str]) -> list[Found]:
    found: list[Found] = []
    listing = False
    for number, raw in enumerate(lines):
        line = raw[:_MAX_LINE].translate(_SCRIPT_FAULTS)
        if _LIST_BEGINS.search(line):
            listing = True
        elif _RULE.match(line) and "@" not in line:
            listing = listing and not any(one.weight >= 8 for one in found)
        if "@" not in line:
            continue
        address, weight = _in_line(line, listing)
        if address:
            found.append(Found(address, weight, number))
        if weight >= 6:
            found += [
                Found(_clean(other), weight, number)
                for other in _more_in_list(line, address)
                if _clean(other) != address
            ]
    return found


def _more_in_list(line: str, first: str) -> list[str]:
    """Other addresses of a line that is a list of them and nothing else."""
    all_of_line = _ANY.findall(line)
    if len(all_of_line) < 2 or not re.fullmatch(r"[\s<>,;\"'\[\]]*", _ANY.sub("", line)):
        return []
    return all_of_line


def _in_line(line: str, listing: bool) -> tuple[str, int]:
    """The address of a line that matters, and its weight: 9 labelled, 8 listed, 7 alone or coded, 6 in a sentence, 1 original."""
    if labelled := _LABELLED.match(line):
        return _clean(labelled[1]), 9
    if _OTHER_LABEL.match(line):
        return "", 0
    if _ORIGINAL_LABEL.match(line):
        address = _ANY.search(line)
        return (_clean(address[0]), 1) if address else ("", 0)
    if expanded := _EXPANDED.search(line):
        return _clean(expanded[1]), 6
    if alone := _ALONE.match(line):
        return _clean(alone[1]), 8 if listing else 7
    if _CONTACT.search(line) and not FAILED.search(line):
        return "", 0
    if leading := _LEADING.match(line):
        return _clean(leading[1]), 8 if listing else 7
    if address := _RCPT.search(line):
        return _clean(address[1]), 6 if re.match(r"[\s>]*(?:>>>|->|C:)", line) else 7
    if coded := _CODED.search(line):
        return _clean(coded[1]), 7
    if addressed := _ADDRESSED.search(line):
        return _clean(addressed[1]), 7 if _SENTENCE.search(line) else 6
    address = _ANY.search(line)
    return (_clean(address[0]), 5 if listing or FAILED.search(line) else 3) if address else ("", 0)


def _clean(address: str) -> str:
    address = address.strip(".'`*|\"")
    for lead in ("mailto:", "smtp:", "=3c", "rfc822="):
        if address.lower().startswith(lead):
            address = address[len(lead) :]
    return one_line(address if address.isascii() else _GLUED.sub(r"\1", address), 320)


_CODE: Final = re.compile(r"(?<![\d.:@])[45][0-7]\d(?=[ \t:\-;,.\])]|$)|(?<![\d.])[45]\.\d\.\d{1,3}\b")
_NOT_A_REASON: Final = re.compile(
    r"^\W*(?:to|cc|from|subject|date|sent|message-?id|x-[\w-]+|your message|original message|for the following reasons?|because|reason|technical details.{0,40}|action|the following .{0,40}|final-recipient|original-recipient|reporting-mta|last-attempt-date|remote system|here is .{0,40})\s*:?\W*$|"
    r"^\W*(?:to|cc|from|subject|date|sent|betreff|objet|asunto|content-[\w-]+|mime-version)\s*:|please (?:do not|note)|^\W*[-=_*#]{3,}|^\W*>>> ",
    re.IGNORECASE,
)
_REASON_LABEL: Final = re.compile(
    r"^\W*(?:(?:the )?(?:error|reason|diagnostic|diagnosis|cause|grund|fehler(?:meldung)?|motivo|raison|motif|causa|причина|理由|原因|error (?:message|text|type|description)|the reason (?:given )?was|response|explanation)(?: code| text| message)?(?: is| was)?)\s*[:：]\s*(?:smtp;\s*)?(.{4,})$",
    re.IGNORECASE,
)


def reason_in(told: str, found: Found | None, others: list[Found]) -> str:
    """Why ``found`` was not reached: a line with a code, else one that says so in words; wrapped lines joined."""
    lines = [line[:_MAX_LINE].strip() for line in told.split("\n")[:_MAX_LINES]]
    start = found.line if found else 0
    later = [one.line for one in others if one.line > start]
    own = lines[start : min(later, default=start + 25)]
    address = found.address if found else ""
    for block in (own, [] if len(others) > 1 else lines):
        reason = _coded(block, address) or _worded(block, address)
        if reason:
            return reason
    return ""


def _coded(lines: list[str], address: str) -> str:
    for number, line in enumerate(lines):
        bare = line.replace(address, "") if address else line
        if _CODE.search(bare) and not re.match(r"\W*>>> ", line):
            return _joined(lines, number, address)
    return ""


def _worded(lines: list[str], address: str) -> str:
    for line in lines:
        if labelled := _REASON_LABEL.match(line):
            return one_line(labelled[1], MAX_REASON)
    if lines and address and address in lines[0]:
        rest = lines[0].partition(address)[2].lstrip(">)]\"' :;,.-=")
        wrapped = len(lines[0]) > _WRAPPED and not rest.startswith("on ")
        whole = _joined([rest, *lines[1:]] if wrapped else [rest], 0, address) if len(rest) > 6 else ""
        if whole and (FAILED.search(whole) or _says_why(whole)):
            return whole
    for pick in (_says_why, lambda line: bool(FAILED.search(line) or DELAYED.search(line))):
        for number, line in enumerate(lines):
            if len(line) > 5 and not _NOT_A_REASON.search(line) and pick(line):
                return _joined(
                    lines if len(line) > _WRAPPED else [line], number if len(line) > _WRAPPED else 0, address
                )
    return ""


def _says_why(line: str) -> bool:
    return any(pattern.search(line) for _, pattern in REASONS)


def _joined(lines: list[str], number: int, address: str) -> str:
    """A line with the lines it was wrapped into, without the address it begins with."""
    taken = [lines[number]]
    for line in lines[number + 1 : number + 5]:
        if not line or _RULE.match(line) or _CODE.match(line) or "@" in line or _NOT_A_REASON.search(line):
            break
        taken.append(line)
    text = one_line(" ".join(taken), MAX_REASON)
    if address and text.lower().lstrip("<\"'[(").startswith(address.lower()):
        text = text.lstrip("<\"'[(")[len(address) :].lstrip(">)]\"' :;,=-") or text
    return re.sub(
        r"^(?:diagnostic[- ]code|received >>>|<<<|>>>)\s*:?\s*(?:smtp;\s*)?", "", text, flags=re.IGNORECASE
    )
