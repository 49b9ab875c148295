"""Absence notices told by their words alone, where no header and no subject says that a program wrote them.

Somebody who is away and wants something writes the same first sentence. So the words must say both that the author is away and what to
do meanwhile (whom to turn to when it is urgent), ask nothing, speak of no single day that is today, and be short; and each sentence
must be one that notices are made of. One that is not, or that asks for something other than to turn to somebody, is a person's.
"""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.prefilter import may_hold

MAX_NOTICE: Final = 1_200
_HEAD: Final = 400

_AWAY: Final = re.compile(
    r"\b(?:(?:i(?:['’]m| am| will be|'ll be)|we are) (?:currently |presently |now )?(?:out of (?:the |my )?office|away from|on (?:annual |sick |maternity |paternity |parental )?(?:vacation|leave|holidays?))|our (?:office|offices|shop|company) (?:is|are) (?:currently )?closed|"
    r"ich bin\b[^\n.!]{0,60}\b(?:nicht (?:im (?:büro|haus|hause|dienst)|erreichbar|anwesend|am arbeitsplatz)|abwesend|außer haus|im urlaub|in elternzeit)|(?:befinde ich mich|ich befinde mich)\b[^\n.!]{0,40}(?:urlaub|außer haus|elternzeit)|"
    r"(?:je (?:suis|serai)|actuellement)\b[^\n.!]{0,40}\b(?:absente?|en congés?|en vacances|en déplacement)|(?:estoy|estaré|me encuentro|me encontraré)\b[^\n.!]{0,40}\b(?:fuera (?:de la|de mi) oficina|ausente|de vacaciones|de baja)|"
    r"(?:estou|estarei|encontro-me)\b[^\n.!]{0,40}\b(?:fora do escritório|ausente|de férias|em férias)|(?:sono|sarò)\b[^\n.!]{0,40}\b(?:assente|fuori (?:ufficio|sede)|in ferie)|(?:ben ik|ik ben)\b[^\n.!]{0,60}\b(?:afwezig|niet aanwezig|met vakantie|op vakantie|met verlof)|"
    r"(?:jag är|är jag)\b[^\n.!]{0,60}\b(?:på semester|ledig|inte på kontoret|frånvarande|föräldraledig)|jeg holder ferie|(?:jeg er|er jeg)\b[^\n.!]{0,60}\b(?:på ferie|ikke på kontoret|ikke til stede|fraværende|bortrejst|bortreist)|(?:olen|olemme)\b[^\n.!]{0,40}\b(?:lomalla|poissa|vapaalla)|"
    r"(?:jestem|przebywam|będę)\b[^\n.!]{0,60}\b(?:na urlopie|nieobecn\w+|poza biurem)|čerpám dovolen(?:ou|ku)|(?:jsem|budu|mám)\b[^\n.!]{0,60}\b(?:na dovolené|mimo kancelář|nepřítom\w+|dovolenou)|(?:som|budem)\b[^\n.!]{0,60}\b(?:na dovolenke|mimo kancelárie|neprítomn\w+)|"
    r"szabadságon vagyok|(?:házon|irodán) kívül vagyok|nem tartózkodom az irodában|(?:sunt|voi fi)\b[^\n.!]{0,40}\b(?:în concediu|plecat[ăa]?|absent[ăa]?)|na (?:godišnjem )?odmoru sam\b|(?:sam|bit ću|bom|sem)\b[^\n.!]{0,60}\b(?:odmoru|dopustu|izvan ureda|izven pisarne|odsut\w+)|"
    r"(?:нахожусь|буду|меня)\b[^\n.!]{0,50}\b(?:в отпуске|не будет (?:в офисе|на рабочем месте)|в командировке|отсутств\w+)|я в отпуске|(?:перебуваю|буду|я)\b[^\n.!]{0,50}\b(?:у відпустці|відсутн\w+)|в отпуск (?:съм|до)|съм в отпуск|отсъствам|απουσιάζω|(?:είμαι|βρίσκομαι)\b[^\n.!]{0,30}\b(?:σε άδεια|εκτός γραφείου)|"
    r"(?:izinde|ofis dışında|yıllık izinde)(?:yim)?\b)|"
    r"(?:休暇|出張|休業)[^\n]{0,12}(?:不在|いただいて|中です)|不在にしており|(?:正在|目前|我在|现在|現在)[^\n，。]{0,10}(?:休假|外出|出差|不在(?:办公室|辦公室))|本人[^\n。]{0,30}(?:休假|外出|出差)|(?:휴가|부재|출장) ?중(?:입니다|이므로|이어서)|"
    r"(?:אני|אהיה)[^\n.!]{0,30}(?:בחופשה|מחוץ למשרד)|(?:أنا|سأكون)[^\n.!]{0,30}(?:في إجازة|خارج المكتب)|(?:đang|sẽ) (?:nghỉ phép|vắng mặt)|sedang cuti",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"\bno longer (?:works? (?:for|at|here)|working (?:for|at)|employed)\b[\s\S]{0,200}\b(?:direct|send|address|forward|redirect) (?:all |any |your |future ){1,3}(?:enquir|inquir|e-?mail|correspond|message|request)|"
    r"\bnicht mehr (?:für|bei|im)\b[^\n.!]{0,80}\btätig\b[\s\S]{0,200}\bwenden sie sich\b",
    re.IGNORECASE,
)
"""Who left a company is told by its server; a manager who wants an account closed says the first half only."""
_URGENT: Final = re.compile(
    r"urgen|emergenc|immediate|in my absence|meanwhile|in the meantime|dring|eilig|abwesenheit|vertretung|spoed|hast(?:ar|er|es)|brådskande|presserende|kiireelli|piln|naléhav|neodklad|súrn|sürgős|hitn|nujn|срочн|термінов|невідкладн|спешн|επείγ|acil|דחופ|דחוף|עاجل|عاجل|طارئ|緊急|お急ぎ|紧急|緊急|急事|긴급|급한|khẩn|mendesak|ausencia|ausência|assenza|absence|enquir",
    re.IGNORECASE,
)
_TURN_TO: Final = re.compile(
    r"@|\+?\d[\d ()/-]{6,}\d|\b(?:contact|reach|turn to|write to|call|direct)\b|kontakt|wenden|contact|chiam|rivol|\blig(?:ue|ar)\b|\bbel(?:len|t)?\b|vänd|\bring|yhtey|zadzwo|volej|obrať|keress|forduljon|\bapel|обращ|звон|зверт|обърн|επικοινων|iletişim|פנה|לפנות|اتصل|التواصل|連絡|联系|聯絡|연락|liên hệ|hubungi",
    re.IGNORECASE,
)
_MACHINE: Final = re.compile(
    r"\bthis is an automat(?:ed|ic)\b|automatic(?:ally generated)? (?:reply|response)|(?:e-?mails?|nachrichten?)\b[^\n.]{0,30}\b(?:wird|werden) nicht (?:weitergeleitet|gelesen)|(?:limited|no|without) access to (?:my )?e-?mails?|acceso limitado|sem acesso|accès limité|automatische (?:antwort|nachricht)|réponse automatique|respuesta automática|resposta automática|risposta automatica|(?:以降|後)に?[^\n]{0,12}(?:改めて|ご連絡)",
    re.IGNORECASE,
)
_TODAY: Final = re.compile(
    r"\btoday\b|this (?:morning|afternoon)|\bheute\b|aujourd|\bhoy\b|\boggi\b|\bhoje\b|vandaag|\bi ?dag\b|tänään|\bdziś|\bdnes\b|сегодня|сьогодні|днес|\bma\b|\bazi\b|danas|bugün|σήμερα|今日|本日|今天|오늘|היום|اليوم",
    re.IGNORECASE,
)
_AWAY_STEMS: Final = (
    "out of ", "away from", "vacation", "leave", "holiday", "closed", "ich bin", "befinde", "absent", "en vacances",
    "fuera ", "ausente", "de vacaciones", "de baja", "fora do", "assente", "fuori", "in ferie", "ben ik", "ik ben", "holder ferie",
    "lomalla", "poissa", "vapaalla", "na urlopie", "nieobecn", "poza biurem", "dovolen", "plecat", "odmoru", "dopustu",
    "izvan", "izven", "odsut", "izinde", "sedang cuti", "jeg er", "er jeg",
)  # fmt: skip
_LEFT_STEMS: Final = ("no longer", "nicht mehr")
_ASKS: Final = re.compile(r"[?？؟]|;\s*$", re.MULTILINE)


_BACK: Final = re.compile(
    r"\breturn|\bback\b|reply to|respond|answer|zurück|\bwieder\b|beantwort|regres|vuelv|ritorn|rientr|rispond|\bvolto\b|respon[ds]|\bterug|\bweer\b|beantwoord|tillbaka|åter|tilbage|tilbake|takaisin|palaan|wrac|powr|odpowi|vrát|zpět|späť|odpov|vissza|válasz|reveni|revin|întorc|răspun|vrat|vrać|nazaj|верн|ответ|поверн|відпов|върн|отговор|επιστρ|απαντ|dön|yanıt|אחזור|סאחזור|سأعود|أعود|戻|回来|返回|回复|回覆|돌아|복귀|답|quay lại|trở lại|kembali|de retour|répond",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"\bthank|\bdank|\bmerci pour|\bgracias|obrigad|\bgrazie|bedankt|\btack\b|\btak\b|\btakk\b|kiitos|dzięk|děkuj|ďakuj|köszön|mulțum|multum|hvala|спасибо|дяку|благодар|ευχαριστ|teşekk|תודה|شكر|ありがと|お世話|感谢|感謝|谢谢|감사|cảm ơn|terima kasih",
    re.IGNORECASE,
)
_PLEASE: Final = re.compile(
    r"\bplease|\bkindly|\bbitte\b|\bmerci de\b|veuillez|s['’]il vous|por favor|per favore|si prega|alstublieft|graag|\bprosím|proszę|\bkérem|vă rog|\bmolim|\bprosim|пожалуйста|прошу|прохання|будь ласка|\bмоля|παρακαλ|lütfen|من فضلك|يرجى|נא |אנא|[请請]|ください|下さい|願い|부탁|주세요|바랍니다|vui lòng|mohon|tolong",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<!\d)[.!;:]\s+|[。！]|\n\s*\n|,\s*\n")
_BUT: Final = re.compile(
    r",?\s+but\s+|,\s+(?:aber|jedoch|mais|pero|ma|maar|men|mas|ale|но|але)\s+", re.IGNORECASE
)
_READS: Final = re.compile(
    r"\b(?:check|read|monitor|access)\w*\b[^.]{0,30}(?:mail|message|inbox)|mails?\b[^.]{0,40}\b(?:lesen|abrufen|prüfen)|(?:lirai|consulterai|leer[ée]|revisar[ée]|legger[òo]|controller[òo]|lerei|verificarei)\b|(?:lees|lezen|läser|læser|leser)\b[^.]{0,30}mail|почт",
    re.IGNORECASE,
)
_FEW: Final = 5
"""So many words may stand in a greeting, a closing or a name."""


def may_be_absence(text: str) -> bool:
    """Whether :func:`is_absence_notice` can be true of a mail whose whole text (history included) begins so."""
    return _is_away(text[:_HEAD]) or _has_left(text[: 2 * _HEAD])


def _is_away(text: str) -> bool:
    return may_hold(text, _AWAY_STEMS) and _AWAY.search(text) is not None


def _has_left(text: str) -> bool:
    return may_hold(text, _LEFT_STEMS) and _LEFT.search(text) is not None


def is_absence_notice(own: str) -> bool:
    """Whether ``own``, all that the author wrote, is nothing but a notice of absence."""
    head = own[:_HEAD]
    if len(own) > MAX_NOTICE or _ASKS.search(own) or _TODAY.search(head):
        return False
    if not _is_away(head):
        return _has_left(own[: 2 * _HEAD])
    if not all(map(_belongs_to_a_notice, _SENTENCE_END.split(own))):
        return False
    return bool(_MACHINE.search(own) or (_URGENT.search(own) and _TURN_TO.search(own)))


def _belongs_to_a_notice(sentence: str) -> bool:
    first, *clauses = _BUT.split(sentence)
    return _is_told_in_notices(first) and all(_is_told_in_notices(one, few=0) for one in clauses)


def _is_told_in_notices(words: str, few: int = _FEW) -> bool:
    if _TURN_TO.search(words) or _MACHINE.search(words):
        return True
    if _PLEASE.search(words):
        return False
    if len(words.split()) <= few:
        return True
    return any(kind.search(words) for kind in (_AWAY, _BACK, _THANKS, _READS))
