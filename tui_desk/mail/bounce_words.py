"""The words of delivery reports in the main languages: subjects, failures, delays, reasons, and where the copy begins."""

from __future__ import annotations

import re
from typing import Final

BOUNCE_SUBJECT: Final = re.compile(
    r"undeliver|non[- ]?deliver|not (?:be )?delivered|delivery (?:has )?(?:fail|error|problem|report|status|delay|unsuccess|incomplete|notification|impossible|attempt)|(?:fail|error|problem).{0,20}\bdeliver|failed delivery|returned (?:mail|e-?mail|message|to sender)|returning (?:mail|message|to sender)|"
    r"failure notice|failure delivery|mail (?:delivery )?(?:failed|failure|error|system error|status)|(?:mail|message) could not|could not (?:be )?(?:deliver|send)|delayed \d+|(?:message|mail) (?:is |was |has been )?delayed|mail delivery|warning: (?:message|could not send|mail)|permanent (?:delivery )?(?:failure|error)|"
    r"(?:unable|failed|failure) to (?:deliver|send)|cannot (?:be )?(?:deliver|send)|can't (?:be )?(?:deliver|send)|(?:message|mail|e-?mail) (?:was |is |has been )?(?:blocked|rejected|refused|bounced|returned)|bounced? (?:mail|message)|"
    r"undelivrable|remise|non remis|échec de (?:la )?(?:remise|distribution|livraison)|non distribu|unzustellbar|nicht (?:zugestellt|zustellbar)|zustellung (?:fehlgeschlagen|nicht möglich)|zustellungsbenachrichtigung|fehlgeschlagen.{0,20}zustell|zustellfehler|rückläufer|no (?:se )?(?:puede|pudo|ha podido) (?:ser )?entrega|no entregad|no se entreg|"
    r"fallo (?:de|en la) entrega|error (?:de|en la) entrega|devuelto|não (?:foi |é )?(?:possível )?(?:ser )?entreg|falha (?:na |de )?entrega|não entregue|mancat(?:o|a) (?:recapito|consegna)|impossibile (?:recapitare|consegnare)|non (?:recapitabile|consegnat)|onbestelbaar|niet (?:worden )?(?:afgeleverd|bezorgd)|"
    r"kan ikke leveres|ikke leveret|ikke levert|kunde inte levereras|olevererbart|går inte att leverera|ei voitu toimittaa|toimitus epäonnistui|nie można dostarczyć|niedostarczon|nedoručiteln|nedoručen|nedoručitel|kézbesíthetetlen|nem kézbesíthető|nu a (?:putut fi |fost )livrat|не ?доставлен|не может быть доставлен|недоставк|возвращ|не вдалося достав|"
    r"iletilemedi|teslim edilemedi|退信|退回|无法投递|無法投遞|无法送达|無法傳遞|无法传递|传输失败|傳送失敗|投递失败|未送达|配信不能|配送不能|配信失敗|エラーメール|送信できません|配信できません|お届けできません|未配信|배달(?:되지|할 수)|반송|전송 실패|배달 실패|thư không gửi được|gửi không thành công|tidak (?:dapat )?terkirim|לא נמסר|تعذر التسليم|لم يتم تسليم|αδύνατη η παράδοση|δεν παραδόθηκε|"
    r"user unknown|unknown user|delivery to .{1,80} failed|rejected (?:mail|message)|message (?:not|un)deliver|mail returned|mailbox (?:full|unavailable)|auto-generated error|dsn: |notification d.{1,6}tat de remise|non-?delivery|\bndr\b|warning: e-?mail|mail system error",
    re.IGNORECASE,
)
DELIVERED_SUBJECT: Final = re.compile(
    r"\(relay(?:ed)?\)|delivery receipt|delivered successfully|successfully delivered|successful mail delivery|delivery status notification \(success\)|mail delivery (?:successful|status report)|"
    r"^(?:delivered|relayed|expanded|zugestellt|übermittelt|entregado|entregue|remis|recapitato|bezorgd|доставлено|配信済み|配信完了|已送达|已傳遞)\s*[:：]",
    re.IGNORECASE,
)
RECEIPT_SUBJECT: Final = re.compile(
    r"^\s*(?:(?:not )?read|gelesen|ungelesen(?: gelöscht)?|nicht gelesen|lu|non lu|leído|no leído|lido|não lida|letto|non letto|gelezen|niet gelezen|läst|oläst|lest|ikke lest|læst|luettu|przeczytane|přečteno|olvasva|прочитано|прочтено|okundu|既読|開封済み|已读|已讀|읽음|return receipt|disposition notification|read receipt|read-receipt|"
    r"accusé de (?:lecture|réception)|lesebestätigung|empfangsbestätigung|confirmación de lectura|confirmação de leitura|conferma di lettura|ricevuta di ritorno|leesbevestiging|läskvitto|lesebekreftelse|potwierdzenie (?:odczytu|przeczytania)|уведомление о прочтении|開封確認|已读回执|已讀回條|read report)\b\s*(?:\(\w{1,20}\)\s*)?[:：(-]?",
    re.IGNORECASE,
)
RECEIPT_TEXT: Final = re.compile(
    r"^[>\s\"'*]*(?:this is a (?:return receipt|receipt)|your (?:message|document|mail)[\s\S]{0,400}?\b(?:was|has been) (?:read|received|displayed|opened|deleted)|this (?:receipt|return receipt) (?:only |verifies|shows|acknowledges)|ihre nachricht[\s\S]{0,400}?(?:gelesen|gelöscht|angezeigt)|dies ist eine (?:eingangs|empfangs|lese)bestätigung|votre message[\s\S]{0,400}?(?:été|a été) (?:lu|ouvert|supprimé)|ceci est un accusé|"
    r"su mensaje[\s\S]{0,400}?(?:leído|eliminado)|este es un (?:acuse|recibo)|sua mensagem[\s\S]{0,400}?(?:lida|excluída)|(?:il (?:suo|tuo) )?messaggio[\s\S]{0,400}?letto|uw bericht[\s\S]{0,400}?(?:gelezen|verwijderd)|(?:это (?:уведомление|подтверждение)|ваше сообщение[\s\S]{0,400}?прочитано)|この(?:受領|開封)|(?:您|你)的(?:邮件|郵件)[\s\S]{0,200}?(?:阅读|讀取|已读))",
    re.IGNORECASE,
)
FAILED: Final = re.compile(
    r"(?:could|can|was|were|has|have|had|did|is|are)\s?(?:not|n't|n’t)\s(?:yet )?(?:be |been |able to )*(?:deliver|reach|sent|send|relay|process|accept|complet|rout)|cannot be (?:deliver|sent|relay)|unable to (?:deliver|reach|send|relay|complete|transfer)|not able to (?:be )?(?:deliver|send|reach)|undeliverable|undelivered|not delivered|fail(?:ed|ure|s)?.{0,40}\b(?:deliver|recipient|address)|"
    r"deliver\w*.{0,60}\b(?:fail|abort|unsuccess|impossible|problem|error)|(?:permanent|fatal|delivery) (?:delivery )?(?:errors?|failure|problem)|returned mail|user unknown|unknown (?:user|recipient|address|host)|no such (?:user|recipient|person|mailbox|address)|\b(?:mailbox|recipient|user|address|account|destination)\b.{0,60}\b(?:unavailable|"
    r"not (?:found|exist|known|listed|recogni[sz]ed|valid)|does(?: not|n't) exist|rejected|disabled|full|invalid|unknown|inactive|over quota|exceed(?:ed|s))|(?:invalid|bad|nonexistent|unknown|rejected|failed|undeliverable) (?:final )?(?:delivery |destination |recipient |user |e-?mail )?(?:address(?:es)?|recipients?|user|userid|mailbox|domain)|quota (?:exceeded|violation)|"
    r"over (?:disk )?quota|host (?:or domain name )?(?:unknown|not found)|(?:rcpt to|recipient).{0,60}\b5\d\d\b|\b5\d\d[ -]5\.\d{1,3}\.\d{1,3}\b|remote host said|(?:no|not any) valid recipients?|did not (?:reach|receive)|relay(?:ing)? (?:access )?denied|(?:message|mail) (?:was |has been )?(?:rejected|blocked|refused|bounced)|rejected (?:your|by)|"
    r"bounced|transcript of session|smtp error|\b(?:blocked|refused)\b|doesn'?t have an? \S{1,80} account|no matches to|unroutable|unrouteable|returned to (?:you|sender)|"
    r"unzustellbar|nicht (?:zugestellt|ausgeliefert|übermittelt|erreicht)|konnte nicht|kann nicht|n['’]a(?:\s|yant)? ?pas (?:pu )?(?:être |été )?(?:remis|distribu|livr|délivr|transm|envoy|achemin|attein)|non remis|impossible de (?:remettre|distribuer|livrer|délivrer)|no (?:se )?(?:pudo|puede|ha podido)|no ha sido entregado|não (?:foi possível|pôde|pode)|nao (?:foi|pode)|"
    r"impossibile|non (?:è stato|può essere) (?:possibile )?(?:consegn|recapit)|niet (?:worden )?(?:afgeleverd|bezorgd)|kan niet|kon niet|kunde inte|kunne ikke|nie (?:można|mogła|został|udało)|nebylo možné|nelze doručit|nem (?:sikerült|kézbesíth)|nu a putut|не (?:удалось|может быть|был[ао]? |доставл|существу)|недоставлен|teslim edilemedi|iletilemedi|"
    r"无法|無法|退回|不存在|失败|配信できません|送信できません|配送できません|届けられません|届きません|配信不能|見つかりません|存在しません|エラー|전송.{0,10}실패|반송|배달.{0,12}(?:못|실패|않)|không (?:thể|gửi)|tidak (?:dapat|bisa)|לא (?:ניתן|נמסר)|تعذر|لم يتم",
    re.IGNORECASE,
)
DELAYED: Final = re.compile(
    r"delayed|not yet (?:been )?delivered|still (?:being )?(?:trying|retried|attempting)|will (?:be retried|continue to|keep (?:on )?trying|be attempted|try again|retry)|has not yet been delivered|warning message only|(?:just|only) (?:a|being sent as a) (?:warning|temporary)|this is (?:just |only )?a warning|temporary failure report|delivery attempts will|continue (?:trying|attempting)|do(?:es)? not need to (?:re-?send|take any action)|"
    r"no action is required on your part|noch nicht (?:zugestellt|ausgeliefert)|verzögert|retardé|différé|aún no se ha|retras|atrasad|ainda não foi|in ritardo|non è ancora|vertraagd|nog niet (?:afgeleverd|bezorgd)|försenad|forsinket|viivästy|opóźnion|zpožděn|késik|задерж|отложен|ещё не достав|еще не достав|gecik|延迟|延遲|遅延|遅れ|지연",
    re.IGNORECASE,
)
FINAL: Final = re.compile(
    r"giv(?:ing|en) up|gave up|not (?:going to |be |continue )?(?:try\w*|tried|retr\w+|attempt\w*)(?: (?:again|any))?|no (?:further|more) (?:delivery )?attempts|permanent(?:ly)?\b|fatal error|in the queue too long|(?:message|mail) (?:has )?expired|retry time(?:out)? (?:not reached|exceeded)|(?:was|has been) returned|cannot send message for|could not (?:be )?(?:send|sent|deliver\w*) (?:message )?(?:for|within|in|after) |returned (?:mail|below|to you(?: because)?)\b(?<!will be returned to you)",
    re.IGNORECASE,
)
DELAY_SUBJECT: Final = re.compile(
    r"delay|warning|\(warning\)|verzöger|retard|retras|atras|ritard|vertrag|försen|forsink|opóźni|задерж|遅延|延迟|延遲|지연|temporar",
    re.IGNORECASE,
)
FINAL_SUBJECT: Final = re.compile(
    r"undeliver|fail(?!.{0,40}(?:delay|warning))|returned|returning|blocked|rejected|refused|permanent|unzustellbar|退信|не доставлен",
    re.IGNORECASE,
)
COPY_BEGINS: Final = re.compile(
    r"^[>\s|*=+_~#-]*(?:(?:a |the )?(?:below|next) (?:this |the (?:next )?)?line is a copy|below (?:this|the next) line is a copy|below is a copy of|enclosed is a copy|included is (?:a copy|the)|here is (?:a copy of|your returned)|here follows|original (?:message|mail|e-?mail)(?: (?:follows|headers?|text|below|body|attached|details))?|start of returned|unsent message|message (?:text|header|headers|body|content)s? follows?|returned (?:mail|message)\b|undelivered message|"
    r"the original (?:message|mail) (?:follows|headers?|was attached|is attached)|(?:message|mail) headers? (?:follows?|below)|(?:the )?headers? of (?:the |your )?(?:original |returned )?(?:message|mail)|this is a copy of|(?:a )?copy of (?:the |your )?(?:original )?(?:message|mail)|your (?:original|returned) (?:message|mail)(?: is| was)?(?: below| attached| included| follows)?|old message|content of (?:your|the) message|failed message|"
    r"your message (?:reads|follows)|the (?:body|text) of (?:the|your) message|the (?:first|last) \d+ (?:lines|bytes)|message follows|mensaje original|mensaje devuelto|ursprüngliche nachricht|originalnachricht|message d['’]origine|message original|messaggio originale|mensagem original|oorspronkelijk bericht|исходное сообщение|原始?邮件(?!信息)|元のメッセージ|received: (?:from|by) )[^\n]*$"
    r"|^(?:return-path|received|dkim-signature|x-originating-ip|domainkey-signature)\s?:[^\n]*$"
    r"|^--- 附件[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)

_REASONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "2.2",
        r"(?:mailbox|inbox|account|quota|storage|disk|maildrop|box|postfach|boîte|buz[oó]n|casella|postvak|ящик|邮箱|信箱|メールボックス|ボックス|편지함).{0,60}(?:full|exceed|over|out of|voll|überschritten|pleine|llen[oa]|chei[oa]|piena|vol\b|переполнен|已满|已滿|一杯|いっぱい|超え|초과)|over ?quota|(?:over|exceed\w*|out of|insufficient).{0,30}(?:quota|storage|disk space)|quota (?:exceed|violat|is full)|not enough (?:storage|space)|容量",
    ),
    (
        "3.4",
        r"(?:message|mail|size|attachment).{0,40}(?:too (?:large|big)|exceed\w*.{0,30}(?:size|limit|maximum))|size limit|exceeds? (?:the )?(?:maximum|max) (?:message )?size|zu gross|zu groß|trop volumineux|demasiado grande|サイズ",
    ),
    (
        "1.2",
        r"(?:host|domain|name service|dns|nameserver|server)\b[^:;@]{0,30}\b(?:unknown|not found|not exist|no such|lookup fail\w*|error)|unknown (?:host|domain)|(?:host|domain)(?: name)? (?:does not exist|doesn't exist|could(?:n't| not) be found|lookup)|no such (?:host|domain)|unrout(?:e)?able|no mail exchanger|couldn't find (?:any host|a mail exchanger)|nxdomain|unbekannte domain|domaine (?:inconnu|introuvable)|dominio (?:no|non) |ドメイン",
    ),
    (
        "2.1",
        r"(?:account|mailbox|user|address|recipient)\b.{0,40}\b(?:disabled|suspended|inactive|deactivated|discontinued|closed|locked|expired|frozen|not active|terminated|blocked)|(?:disabled|suspended|inactive|deactivated|closed) (?:account|mailbox|user|recipient)|停用|禁用|停止",
    ),
    (
        "1.1",
        r"(?:user|recipient|mailbox|address|account|addressee|alias|person|name|userid|local part)\b.{0,60}\b(?:unknown|not (?:found|exist|known|listed|recogni[sz]ed|valid|here)|(?:does not|doesn'?t|do not|didn't) (?:exist|have)|invalid|nonexistent|unavailable|couldn't be found|could not be found|no longer)|(?:no such|unknown|invalid|bad|nonexistent|illegal) (?:final delivery )?(?:local )?(?:user|recipient|mailbox|address|account|person|alias|userid|rcpt)|no mailbox (?:here )?by that name|isn'?t in my .{0,30}list|this user doesn'?t have|"
        r"no (?:valid )?(?:recipients?|such user|matches)|not our (?:user|customer)|address rejected|(?:wasn'?t|was not|isn'?t|is not) found at|address not found|unbekannt|nicht (?:gefunden|(?:im|in)\b.{0,40}(?:verzeichnis|adressbuch))|no se (?:ha )?encontr|não (?:foi )?encontrad|non (?:è stat\w+ )?trovat|niet gevonden|kunde inte hittas|blev ikke fundet|ble ikke funnet|nie znaleziono|existiert nicht|inconnu|n'existe pas|introuvable|desconocid|no existe|desconhecid|não existe|sconosciut|inesistente|non esiste|onbekend|bestaat niet|nie istnieje|neexistuje|nem létezik|не существует|не найден|неизвестн|不存在|不明|存在しません|見つか(?:りません|らない)|사용자.{0,12}없|존재하지|không tồn tại|tidak (?:ada|ditemukan)",
    ),
    ("4.6", r"(?:mail|message|routing)? ?loop(?:ing|s)?\b|too many hops|hop count exceeded"),
    (
        "4.7",
        r"expired|timed? ?out (?:after|while) |in the queue too long|(?:after|within|for) .{0,30}giv(?:ing|en) up|(?:could not|cannot|unable to) (?:be )?(?:send|sent|deliver\w*) (?:message )?(?:for|in|within|after) (?:the last )?\d|retry time|for the last \d+",
    ),
    (
        "4.1",
        r"connection (?:refused|timed out|failed|reset|dropped)|timed? ?out|no (?:answer|response|route)|not respond|unreachable|network error|could(?:n't| not) (?:connect|establish)|wasn't able to establish|unable to connect|host not reachable|server.{0,20}(?:down|unavailable)",
    ),
    (
        "7.1",
        r"spam|not accepting (?:e-?)?mail|blocked|black ?list|block ?list|\bpolicy\b|denied|not (?:authorized|permitted|allowed)|unsolicited|reject|refus|relay|dmarc|\bspf\b|dkim|virus|content|rbl|banned|reputation|ptr record|reverse dns",
    ),
)
REASONS: Final = tuple((detail, re.compile(pattern, re.IGNORECASE)) for detail, pattern in _REASONS)
"""RFC 3463 subject and detail, and what servers write instead of it; the first that fits counts."""

_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY: Final = re.compile(r"(?<![\d.:])([45])[0-7]\d(?=[ \t:\-;,.\])]|$)(?![.:]\d)", re.MULTILINE)


def enhanced_status(text: str) -> str:
    """The first enhanced status code (RFC 3463) in ``text``, or ""; parts of addresses and versions do not count."""
    for found in _ENHANCED.finditer(text):
        if int(found[2]) <= 7:
            return found[0]
    return ""


def status_from_words(text: str, *, delayed: bool) -> str:
    """A code for what ``text`` says without one: its class by the reply code of SMTP, its detail by the words; or ""."""
    detail = next((code for code, pattern in REASONS if pattern.search(text)), "")
    reply = _REPLY.search(text)
    if not detail and not reply:
        return "5.0.0" if not delayed and re.search(r"\bpermanent", text, re.IGNORECASE) else ""
    kind = "4" if delayed else reply[1] if reply else "4" if detail == "4.7" else "5"
    return f"{kind}.{detail or '0.0'}"


def is_delay(subject: str, told: str) -> bool:
    """Whether a report says that delivery is still being tried. What was tried for the last time is a failure."""
    head = told[:4_000]
    sure = bool(DELAYED.search(head))
    if (
        DELAY_SUBJECT.search(subject)
        and not FINAL_SUBJECT.search(subject)
        and (sure or not FAILED.search(head))
    ):
        return True
    return sure and not FINAL.search(head) and not FINAL.search(subject)
