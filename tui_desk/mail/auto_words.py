"""The words of programs that answer for people: subjects and openings of automatic replies in the main languages."""

from __future__ import annotations

import re
from typing import Final

ANSWER_PREFIX: Final = re.compile(
    r"\s*(?:re|aw|sv|antw|antwort|odp|vs|ynt|rv|res|ref|rif|r|回复|回覆|答复|返信|답장|ответ|отв|vá|ats|rép)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
"""What begins the subject of an answer; people set it, responders of their own seldom."""

_WORDS_OF_PROGRAMS: Final = (
    r"auto[- ]?(?:matic|mated|m\.)?[- ]?(?:reply|response|respond|responder|answer|antwort|respuesta|risposta)|autoreply|automatisch(?:e[rs]?)? (?:antwort|antwoord|reactie|beantwoording|abwesenheits\w*|bericht)|out[- ]of[- ](?:the[- ])?office[ :-]*(?:auto\w*|reply|message|notification|response|assistant)(?:[ -]?reply)?|"
    r"vacation (?:auto)?(?:reply|response|message|notice)|abwesenheits(?:notiz|nachricht|meldung|assistent|info|benachrichtigung|hinweis)|urlaubs(?:notiz|meldung|abwesenheit|benachrichtigung)|r[ée]ponse automatique|r[ée]pondeur automatique|message d['’]absence|absence du bureau|avis d['’]absence|"
    r"respuesta autom[áa]tica|contestaci[óo]n autom[áa]tica|mensaje autom[áa]tico de ausencia|resposta autom[áàa]tica|mensagem autom[áa]tica de aus[êe]ncia|risposta automatica|messaggio di assenza|afwezigheids(?:bericht|melding|assistent)|automatisk(?:t)? (?:svar|besvarelse)|autosvar|frånvaromeddelande|"
    r"fraværs(?:assistent|melding|besked)|automaattinen vastaus|automaattivastaus|poissaoloviesti|automaatvastus|sjálfvirkt svar|odpowied[źz] automatyczna|automatyczna odpowied[źz]|automatick[áa] odpov[eě][dď]ď?|automatski odgovor|samodejni odgovor|automatikus v[áa]lasz|r[ăa]spuns automat|automatinis atsakymas|"
    r"autom[āa]tisk[āa] atbilde|αυτόματη απάντηση|otomatik (?:yanıt|cevap)|автоответ|автоматический ответ|автоматична відповідь|автоматичен отговор|аутоматски одговор|автоматическое уведомление об отсутствии|(?:מענה|תשובה|תגובה) אוטומטי[ת]?|رد تلقائي|الرد التلقائي|پاسخ خودکار|"
    r"trả lời tự động|thư trả lời tự động|(?:balasan|jawaban) otomatis|balasan automatik|házon kívül"
)
_AFTER_WORDS: Final = r"\s*(?:[:：\-–—|\])(!.,]|\Z|(?:from|von|de|van|från|fra|od|от|for|für|to|re|auf)\b)"
AUTO_SUBJECT: Final = re.compile(
    rf"\s*\[?(?:(?:{_WORDS_OF_PROGRAMS}){_AFTER_WORDS}|auto[:：]|out[- ]of[- ](?:the[- ])?office\s*(?:[:：-]|\Z)|(?:ooo|oof|away (?:notice|message)|abwesen(?:d|heit)|fuera de (?:la )?oficina|fora do escrit[óo]rio|fuori (?:sede|ufficio)|afwezig(?:heid)?|niet aanwezig|ikke til stede|ikke på kontoret|poza biurem|mimo kancel[áa]ř|вне офиса|ofis dışında|εκτός γραφείου)\s*[:：(]|"
    r"[【［(（]?(?:自动(?:回复|答复|应答)|自動(?:回覆|答覆|回復|返信|応答|回答)|不在(?:通知|連絡|のお知らせ)|부재중 ?(?:자동|알림|회신|응답)|자동 ?(?:회신|응답|답장)|ตอบกลับอัตโนมัติ|स्वचालित उत्तर)(?:メール|のお知らせ|通知|です)?\s*(?:[:：\])】］）\-–|/]|\s|\Z))",
    re.IGNORECASE,
)
"""What programs write; a person would not begin a subject so."""
AUTO_STEMS: Final = (
    "auto", "otomati", "office", "vacation", "abwesen", "urlaub", "absence", "ausencia", "assenza", "afwezig", "aanwezig",
    "poissaolo", "samodejni", "ooo", "oof", "away", "fuera", "fora do", "fuori", "ikke", "poza biurem", "mimo",
)  # fmt: skip
"""One of these is in every ASCII match of ``AUTO_SUBJECT`` (``prefilter``)."""

AWAY_SUBJECT: Final = re.compile(
    r"\s*(?:(?:re|aw|sv|antw|fwd?)\s*[:：]\s*)*"
    r"(?:[^\n]{3,60} (?:is|will be) out of (?:the )?office\b|[^\n]{3,60} (?:ist )?(?:außer haus|nicht im (?:büro|hause))\b|out[- ]of[- ](?:the[- ])?office|ooo\b|oof\b|i(?:['’]m| am| will be) (?:currently )?(?:out of (?:the )?office|away|on (?:vacation|leave|holiday))|(?:on |away on )(?:annual |sick |maternity |parental )?(?:vacation|leave|holidays?)\b|vacation|away (?:from|until)|annual leave|absence\b|abwesen|ich bin (?:nicht|im urlaub|derzeit)|nicht im büro|außer haus|urlaub|en cong[ée]|cong[ée]s\b|absen(?:t|ce)|"
    r"je suis absent|fuera de|de vacaciones|vacaciones|ausen(?:te|cia)|fora d[eo]|f[ée]rias|ausência|fuori|in ferie|assen(?:te|za)|afwezig|met vakantie|frånvar|på semester|fravær|på ferie|ikke til stede|poissa|lomalla|poza biurem|nieobecn|urlop|mimo kancel[áa]ř|nepř[íi]tom|dovolen|távol|szabads[áa]g|concediu|"
    r"вне офиса|в отпуске|отпуск|отсутств|відсутн|відпустк|отсъств|απουσία|εκτός γραφείου|ofis dışında|izinde|vắng mặt|cuti\b|מחוץ למשרד|בחופשה|خارج المكتب|إجازة|不在|休暇|休假|外出|外勤|부재|휴가|odsut|izven pisarne|godišnj)",
    re.IGNORECASE,
)
"""What a person on leave may write too: an automatic reply only with a second sign."""

AWAY_TEXT: Final = re.compile(
    r"\W*(?:(?:hi|hello|dear|good (?:day|morning)|hallo|guten tag|sehr geehrte\w*|bonjour|hola|estimad\w+|ol[áa]|ciao|buongiorno|hej|hei|dzień dobry|dobrý den|здравствуйте|добрый день)\b[^\n]{0,60}\n\s*)?"
    r"(?:thank(?:s| you) for (?:your|the) (?:e-?mail|message|mail)[^\n]{0,40}\n?\s*)?"
    r"(?:i(?:['’]m| am| will be|'ll be) (?:currently |presently |now )?(?:out of (?:the |my )?office|away|on (?:annual |sick |maternity |parental )?(?:vacation|leave|holidays?)|not in the office|travel)|(?:i|we) (?:have|will have) (?:limited|no) access to (?:e-?mail|my)|this is an automat|ich bin (?:derzeit |zur zeit |momentan |aktuell |bis |vom |ab )[^\n]{0,60}(?:nicht|abwesend|urlaub|außer)|vielen dank für ihre (?:nachricht|e-?mail|mail)[^\n]{0,40}\n?\s*ich bin|"
    r"je suis (?:actuellement )?(?:absent|en cong)|je serai absent|estoy (?:actualmente )?(?:fuera|de vacaciones|ausente)|estar[ée] (?:fuera|ausente|de vacaciones)|estou (?:fora|ausente|de f[ée]rias)|sono (?:assente|fuori|in ferie)|sar[òo] assente|ik ben (?:momenteel |tot |van )?[^\n]{0,30}(?:afwezig|niet aanwezig|met vakantie)|jag är (?:på semester|inte på|borta)|jeg er (?:på ferie|ikke på|ikke til)|"
    r"olen (?:lomalla|poissa)|jestem (?:na urlopie|nieobecn|poza)|jsem (?:na dovolené|mimo)|я (?:в отпуске|нахожусь в отпуске|отсутствую)|меня не будет|(?:只今|現在)[^\n]{0,20}(?:不在|休暇)|我(?:目前|现在|現在)?[^\n]{0,12}(?:不在办公室|不在辦公室|休假|外出)|현재[^\n]{0,20}(?:부재|휴가))",
    re.IGNORECASE,
)

CHALLENGE_SUBJECT: Final = re.compile(
    r"verify#[\w-]{4,}|\byour e-?mail requires verification|^please confirm (?:your )?(?:message|e-?mail) to\b|boxbe waiting list|\[spamarrest\]|mail-?block(?:er)? (?:verification|challenge)",
    re.IGNORECASE,
)
"""Filters that want a person to prove to be one (TMDA, BoxTrapper, Boxbe)."""
CHALLENGE_SUBJECT_STEMS: Final = ("verif", "please confirm", "boxbe", "spamarrest", "challenge")

CHALLENGE_TEXT: Final = re.compile(
    r"(?:this (?:account|mailbox|e-?mail address|address) is protected by|protecting (?:myself|themselves|itself) from (?:receiving )?(?:junk|spam)|(?:message|mail)\b.{0,60}\sis being held because|votre (?:message|e-?mail|mail)\b.{0,60}\bmis en attente|your (?:message|e-?mail)\b.{0,200}(?:has been|was) (?:waitlisted|quarantined until|held until))[\s\S]{0,400}(?:click|cliquer|follow|reply|release|visit|add yourself)",
    re.IGNORECASE,
)

CHALLENGE_TEXT_STEMS: Final = (
    "protected by", "from junk", "from spam", "from receiving", "held because", "en attente", "waitlisted", "quarantined until", "held until",
)  # fmt: skip

ACKNOWLEDGED: Final = re.compile(
    r"(?:(?:your|the) (?:request|ticket|message|e-?mail|enquiry|inquiry|case|issue|support request|query)\b.{0,60}\b(?:has been|was|have been|is) (?:received|created|opened|registered|logged|updated|assigned|submitted)|(?:we|i) (?:have |'ve )?(?:received|got|registered|logged) your|thank(?:s| you) for (?:contacting|reaching out|your (?:request|enquiry|inquiry|ticket))|a (?:new )?(?:ticket|request|case) (?:has been|was) (?:created|opened)|"
    r"this is an automat|do not reply to this|ihre (?:anfrage|nachricht|e-?mail)\b.{0,60}\b(?:eingegangen|erhalten|erfasst)|wir haben ihre|votre demande\b.{0,60}\b(?:reçue|enregistrée|créée)|nous avons (?:bien )?reçu|(?:su|tu) (?:solicitud|mensaje|consulta)\b.{0,60}\b(?:recibid|registrad|cread)|hemos recibido|sua (?:solicitação|mensagem)\b.{0,60}\b(?:recebid|registrad)|recebemos|abbiamo ricevuto|la (?:sua|tua) richiesta|wij hebben uw|uw (?:aanvraag|bericht)\b.{0,40}\bontvangen|"
    r"vi har mottatt|vi har modtaget|vi har tagit emot|otrzymaliśmy|ваш (?:запрос|обращение)|ваше обращение|мы получили|受け付けました|受付いたしました|已收到您的)",
    re.IGNORECASE | re.DOTALL,
)
"""What a helpdesk writes by itself when a request comes in."""
