"""What mail programs write around other people's text, by language: labels of header blocks, verbs of attribution lines,
separators, prefixes of subjects, device signatures, closings. Data only; the patterns are built once.

Languages: en de fr es pt it nl da sv no fi pl cs sk hu ro hr sl bg ru uk el tr et lv lt ca he ar ja zh ko vi id.
"""

from __future__ import annotations

import re
from typing import Final

LABELS: Final = {
    "from": (
        "from|von|de|da|від кого|от кого|van|fra|från|lähettäjä|od|feladó|de la|от|від|от кого|από|kimden|gönderen|saatja|no|nuo|מאת|من|差出人|送信者|寄件者|寄件人|"
        "发件人|發件人|จาก|از|од|nork|lähettänyt|odosílateľ|보낸 사람|보낸사람|từ|người gửi|dari|frá|expéditeur|remitente|remetente|mittente|afzender|avsändare|afsender|avsender|odesílatel|odosielateľ|"
        "nadawca|пошиљалац|pošiljatelj|šalje|küldő|expeditor|изпращач|отправитель|відправник|αποστολέας|absender"
    ),
    "date": (
        "date|sent|datum|gesendet|gesendet am|envoyé|envoyé le|date d'envoi|fecha|enviado|enviado el|enviada em|enviado em|enviada|enviado a|data|inviato|"
        "data invio|verzonden|verstuurd|dato|sendt|sendt dato|skickat|skickades|lähetetty|päivä|päiväys|päivämäärä|wysłano|wysłane|dátum|elküldve|küldve|odesláno|odoslané|dne|"
        "poslano|trimis|trimis la|data trimiterii|дата|отправлено|надіслано|изпратено|ημερομηνία|στάλθηκε|απεστάλη|tarih|gönderme tarihi|gönderildi|gönderilme tarihi|gönderilen|відправлено|відправлене|надіслане|отправлен|дата отправки|изпратено на|envoyé à|inviato il|verzonden op|gesendet um|saadetud|"
        "nosūtīts|išsiųsta|kuupäev|datums|תאריך|נשלח|التاريخ|تاريخ|تاريخ الإرسال|أرسلت|تم الإرسال|日時|送信日時|日付|日期|寄件日期|发送时间|發送時間|发送日期|传送日期|時間|时间|보낸 날짜|날짜|전송|ngày|đã gửi|tanggal|"
        "dikirim|dagsetning|ส่ง|วันที่|تاریخ|послато|bidalita|data de trimitere|aika|odosielané|enviat|enviat el|sent at"
    ),
    "to": (
        "to|an|à|a|pour|para|aan|til|till|vastaanottaja|do|komu|címzett|către|la|кому|до|до кого|към|προς|kime|alıcı|saaja|kellele|kam|kuriam|אל|إلى|宛先|收件者|收件人|"
        "받는 사람|받는사람|ถึง|به|за|nori|adressaat|receptor|đến|tới|người nhận|kepada|untuk|empfänger|destinataire|destinataires|destinatario|destinatarios|destinatário|per|naar|pre|za|prima|per a|komu/do|получатель|кімо|ke"
    ),
    "cc": (
        "cc|kopie|kopie an|copie|copie à|copia|con copia|cópia|c\\.c\\.|kopi|kopia|kopio|dw|do wiadomości|kópia|másolat|másolatot kap|копия|копія|копие|κοιν|κοιν\\.|κοινοποίηση|bilgi|"
        "koopia|עותק|העתק|نسخة|نسخة إلى|抄送|副本|참조|đồng kính gửi|tembusan|ccn|cci|bcc|kopija|in copia|v kopii|afrit"
    ),
    "subject": (
        "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|tárgy|subiect|subiectul|тема|заглавие|относно|относно|θέμα|konu|teema|temats|tema|"
        "נושא|הנדון|เรื่อง|موضوع|наслов|gaia|tēma|tema|الموضوع|件名|主旨|主题|主題|제목|chủ đề|tiêu đề|perihal|subjek|judul|assumpte|efni|naslov|zadeva|asia|otsikko"
    ),
    "reply-to": "reply-to|antwort an|répondre à|responder a|rispondi a|beantwoorden|svar til|svara till|odpowiedz do|odpověď komu|odpovědět|ответить|vastausosoite|reply to|responder para",
    "other": "user-agent|x-mailer|mime-version|content-type|content-transfer-encoding|in-reply-to|references|importance|priority|wichtigkeit|attachments?|anlagen?|pièces? jointes?|adjuntos|anexos|allegati|bijlagen?|priorität|sensitivity|organization|resent-from|message-id|x-[a-z-]+",
}  # fmt: skip
LABEL_KIND: Final = {
    word.replace("\\", ""): kind for kind, words in LABELS.items() for word in words.split("|")
}
LABEL: Final = re.compile(
    r"^[ \t>|]*(?:\*{1,2}|__?)?\s*(?P<label>[^\W\d_][\w .'/()\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e-]{0,28}?|c\.c\.)\s*(?:\*{1,2}|__?)?\s*[:：]\s*(?:\*{1,2}|__?|\|)?\s*(?P<value>.*)$"
)

VERBS: Final = (
    r"wrote|writes|sent|said|says|schrieb|schreibt|geschrieben|a écrit|écrit|écrivait|escribió|escribio|ha escrito|escribía|escribe|escreveu|escrevia|escreveu o seguinte|ha scritto|scrisse|scritto|"
    r"schreef|geschreven|skrev|skrifaði|kirjoitti|kirjutas|napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|napisao(?:/la)?|napisala|je napisao(?:/la)?|je napisal(?:a)?|"
    r"написал(?:\(а\)|а)?|пишет|писал(?:а)?|написав(?:\(ла\))?|написала|пише|написа|írta|ezt írta|yazdı|şunları yazdı|şöyle yazdı|a scris|rakstīja|rašė|va escriure|ha escrit|escrigué|đã viết|viết|"
    r"menulis|έγραψε|כתב(?:/ה)?|כתבה|מאת|كتب|كتبت|تمت كتابة ما يلي بواسطة|schreef het volgende|volgende geschreven|writes|responded|va escriure|escribiu|idatzi du|је написа(?:о|ла)|написао|напиша|shkroi|нап[иі]сав|пишете|"
    r"odesílatel|เขียนว่า|ने लिखा|نوشت|citerar"
)
VERBS_AT_START: Final = r"wiadomość napisana przez|missatge de|вы писали|ви писали|quoting|zitat von|citando(?: a)?|citation de|citat (?:från|af|fra)|citazione da|cita de|كتبت?|du skrev|you wrote|sie schrieben|vous avez écrit"
VERBS_UNSPACED: Final = r"写道|寫道|写到|寫到|的信件|撰写|のメール|さんのメール|(?:は|が|を)?(?:次のように)?書きました|の書き込み|は書いた|님이 작성|님의 말|작성(?:함|:)?|쓴 글|님이 쓴|썼습니다"
VERB: Final = re.compile(
    rf"(?:^\W{{0,3}}(?:{VERBS_AT_START})\b|(?:\b|(?<=\W))(?:{VERBS})(?:\s?\(-?\w{{1,3}}\)|/\w{{1,3}})?(?=$|[^\w])|{VERBS_UNSPACED})",
    re.IGNORECASE,
)
LEADS: Final = (
    r"on|at|in (?:a )?message|às|în|na|w|у|в|于|於|在|em|ب|in article|am|schrieb|le|el|em|no dia|a|il giorno|il|in data|op|den|på|pe|la data|în data|dne|dňa|w dniu|dnia|vào|ngày|στις|στις|kuupäeval|"
    r"pada|u|dana|dne|tarihinde|ב|בתאריך|في|al|em data de|à|o|ons|tor|fre|lør|søn|man|tir|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|dim|dom|seg|ter|qua|qui|sex|gio|sab|"
    r"пн|вт|ср|чт|пт|сб|вс|нд|понеделник|вторник|среда|четверг|пятница|суббота|воскресенье|ma|ti|ke|to|pe|la|su|pon|wt|śr|czw|pt|sob|ndz|niedz|po|út|st|čt|pá|ne"
)
LEAD: Final = re.compile(rf"^\W{{0,4}}(?:(?:{LEADS})\b|[在于於])[\s.,:]*", re.IGNORECASE)

_ORIGINAL: Final = (
    r"original (?:message|e-?mail|appointment)|original|reply message|ursprüngliche (?:nachricht|mail|e-mail)|originalnachricht|original-?nachricht|message d'origine|message original|message initial|mail original|"
    r"mensaje original|mensagem original|messaggio originale|oorspronkelijk(?:e)? bericht|origineel bericht|oprindelig (?:meddelelse|besked)|originalmeddelelse|ursprungligt meddelande|originalmeddelande|originalmelding|opprinnelig melding|"
    r"alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní (?:zpráva|e-mail)|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|исходное сообщение|оригинальное сообщение|"
    r"первоначальное сообщение|оригінальне повідомлення|початкове повідомлення|оригинално съобщение|izvorna poruka|izvirno sporočilo|αρχικό μήνυμα|orijinal mesaj|özgün ileti|missatge original|originaalsõnum|"
    r"הודעה מקורית|الرسالة الأصلية|元のメッセージ|オリジナルメッセージ|原始邮件|原始郵件|原始信件|原始邮件信息|원본 (?:메[시세]지|이메일|메일)|원본메일|邮件原件|邮件原文|原邮件|回复的原邮件|оригинално писмо|元のメール|返信元メッセージ|reply message|begin(?:ning of)? original message|tin nhắn gốc|thư gốc|pesan asli|upprunaleg skilaboð"
)
_ORIGINAL_WORDS: Final = re.compile(_ORIGINAL, re.IGNORECASE)
_FORWARDED: Final = (
    r"(?:begin |start of )?forwarded (?:message|mail|e-?mail)|forwarded by .{1,120}|forward(?:ed)?|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitet von .{1,120}|weitergeleitete e-?mail|"
    r"message transféré|message réexpédié|début du message (?:transféré|réexpédié)|mail transféré|courriel transféré|mensaje reenviado|inicio del mensaje reenviado|inicio de mensaje reenviado|mensagem (?:encaminhada|reenviada)|"
    r"início da mensagem (?:encaminhada|reenviada)|messaggio (?:inoltrato|rinviato)|inizio messaggio inoltrato|inizio del messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|doorgezonden bericht|videresendt (?:meddelelse|besked|melding|e-mail)|start på videresendt (?:besked|meddelelse|melding)|"
    r"videresendt besked|begynnelse på videresendt melding|starten på videresendt melding|vidarebefordrat (?:meddelande|brev|mejl)|vidarebefordrade meddelandet|vidarebefordrat mejl|början på vidarebefordrat (?:meddelande|mejl|brev)|välitetty viesti|"
    r"välitetty viesti alkaa|edelleenlähetetty viesti|lähetetty edelleen|alkaa välitetty viesti|przekazana wiadomość|wiadomość przekazana dalej|początek przekazywanej wiadomości|początek przekazanej wiadomości|treść przekazanej wiadomości|"
    r"přeposlaná zpráva|začátek přeposlané zprávy|předaná zpráva|preposlaná správa|začiatok preposlanej správy|preposlaná pôvodná správa|továbbított üzenet|továbbított levél(?: kezdete)?|a továbbított levél kezdete|továbbított levél kezdete|mesaj redirecționat|mesaj redirecţionat|începutul mesajului redirecționat|începe mesajul redirecționat|mesaj transmis|mesaj retrimis|"
    r"proslijeđena poruka|započinje proslijeđena poruka|prosljeđena poruka|započni proslijeđenu poruku|posredovano sporočilo|пересылаемое сообщение|пересланное сообщение|переадресованное сообщение|начало переадресованного сообщения|начало пересылаемого сообщения|"
    r"начало пересланного сообщения|перенаправлене повідомлення|переслане повідомлення|початок переадресованого повідомлення|початок листа, що пересилається|переслано|початок переспрямованого повідомлення|пренасочено съобщение|препратено съобщение|"
    r"προωθημένο μήνυμα|προώθηση μηνύματος|αρχή προωθημένου μηνύματος|iletilen mesaj|yönlendirilmiş mesaj|iletilen e-posta|yönlendirilen (?:mesaj|ileti)|başlangıç|iletilmiş ileti(?:nin başlangıcı)?|yönlendirilen iletinin başlangıcı|"
    r"missatge reenviat|inici del missatge reenviat|edastatud (?:kiri|sõnum)|pārsūtīts? (?:ziņojums|vēstule)|persiųstas laiškas|הודעה שהועברה|הודעה מועברת|תחילת ההודעה שהועברה|رسالة محولة|رسالة مُعاد توجيهها|転送されたメッセージ|転送メッセージ|転送メール|"
    r"已转发邮件|已轉寄郵件|转发邮件信息|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|開始轉寄郵件|开始转发的邮件|转发|转发的信息|邮件转发|以下は転送されたメールです|전달된 메[시세]지|전달한 메[시세]지|전달된 메일|전달된 편지|thư chuyển tiếp|"
    r"thư được chuyển tiếp|tin nhắn (?:được )?chuyển tiếp|bắt đầu thư được chuyển tiếp|pesan (?:yang )?diteruskan|áframsendur tölvupóstur|framsend skilaboð|přeposláno|redirigé|wiadomość przekazana|mensagem original encaminhada|válitettu viesti|"
    r"mensagem reencaminhada|início da mensagem reencaminhada|перенаправленное сообщение|начало (?:переадресованного|пересланного|пересылаемого) (?:письма|сообщения)|转发的消息|轉寄的訊息|開始轉寄的郵件|"
    r"iletilen mesaj başlangıcı|yönlendirilmiş ileti|iletilen ileti|mesaj înaintat|(?:έναρξη|αρχή) (?:του )?προωθ(?:ημένου|ούμενου) μηνύματος|بدء الرسالة المعاد توجيهها|(?:بداية|بدء) الرسالة المُ?عاد توجيهها|رسالة معاد توجيهها|"
    r"intégré|začátek přeposílané zprávy|přesměrovaná zpráva"
)
_FORWARDED_WORDS: Final = re.compile(_FORWARDED, re.IGNORECASE)
FORWARD_SUBJECT: Final = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)*(?:fwd?|fwd fw|forwarded(?: message)?|fw|wg|tr|trs|rv|enc|i|inoltr?a?t?o?|vb|doorst|doorgestuurd|doorsturen|vl|pd|fs|fv|videresend(?:t|er)?|vidarebefordra(?:t|s)?|vidarebef|välitetty|"
    r"továbbítás|továbbítva|tov|redirecționat|redir|пересл|переслать|пересылка|пер|перес|препр|πρθ|προωθ|yö?nlendirme|ilt|ilet|iml|转发|轉寄|轉發|転送|전달|reenviado|reenv|encaminhada|transf(?:éré|ert)?|"
    r"přeposlat|předat|preposlané|prosl|proslijeđeno|proslj|přepos|přep|rvd|rif|chuyển tiếp|הועבר|إعادة توجيه)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
REPLY_SUBJECT: Final = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)*(?:re|aw|antw|antwort|sv|res|rif|ref|odp|ynt|yan|vá|válasz|ответ|відп|отг|απ|σχετ|回复|回覆|答复|答覆|返信|회신|답장|תשובה|השב|رد)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
RULED_WORDS: Final = re.compile(
    r"^[>\s*|]*[-_=–—─━]{4,}\s*(?P<words>[^-_=–—─━\s](?:(?![-_=–—─━]{4}).){1,100}?)\s*[-_=–—─━]{4,}(?P<rest>.*)$"
)
"""A line with words between two rules, as programs set above a message: its language need not be known."""

DEVICE: Final = re.compile(
    r"^[\s*_<(\[«|]*(?:(?:get|skaff(?:a| deg)?|få|hanki|lataa|pobierz|získat|získajte|stáhnout|скачать|получить|загрузить|завантажити|отримати|obțineți|descărcați|αποκτήστε|λήψη|קבל|הורד|الحصول على|تنزيل|获取|下載|下载|取得|baixe|descàrrega)\b.{0,30}\boutlook\b.{0,60}|.{0,30}\boutlook\b.{0,12}(?:を入手|다운로드|edinin|letöltése|beszerzése|downloaden|herunterladen)|"
    r"skickade?s från\b.{1,80}|εστάλη (?:από|με)\b.{1,80}|надіслано (?:від|з)\b.{1,80}|(?:تم الإرسال|مرسل|أُ?رسلت?|مُرسل) (?:من|بواسطة).{1,80}|نشر من.{1,60}|(?:从|從|由|自).{1,30}(?:发送|發送|傳送|寄出)|.{1,30}(?:にて|より)送信|küldve\b.{1,80}|saadetud minu\b.{1,60}|išsiųsta iš\b.{1,60}|nosūtīts no\b.{1,60}|enviat des de\b.{1,60}|(?:sent|get|posted|written|composed|typed|delivered)\s+(?:from|via|with|by|using|on|in)\b.{1,120}|sent (?:mobile|on the (?:go|move)).{0,60}|(?:from|via) (?:my )?(?:mobile|phone|cell|iphone|ipad|ipod|android|blackberry|tablet|galaxy|smartphone)\b.{0,60}|\S{2,20} from mobile|"
    r"get (?:\[?outlook|airmail|mailspring|bluemail|spark|edison)\b.{1,120}|(?:outlook|bluemail|yahoo mail|mail) (?:for|für|pour|para|per|voor|til|till) (?:ios|android|windows|mac|iphone|ipad)\b.{0,100}|"
    r"(?:von meinem|von unterwegs|gesendet (?:von|mit|aus|über|per)|diese (?:nachricht|e-mail|mail) wurde (?:von|mit|über)|holen sie sich outlook|laden sie outlook|mobil gesendet)\b.{0,120}|"
    r"(?:envoyé|expédié|écrit) (?:de|depuis|avec|à partir|via|par|du)\b.{1,100}|(?:obtenez|télécharger|téléchargez|obtenir) outlook\b.{0,80}|(?:enviado|enviada|enviat|mandado) (?:desde|de|do|da|con|com|via|por|pelo|a partir|des)\b.{1,100}|"
    r"(?:obtener|obter|obtén|descargar|baixar) (?:o )?outlook\b.{0,80}|(?:inviato|spedito|scritto) (?:da|dal|con|via|dallo|tramite)\b.{1,100}|(?:scarica|ottieni) outlook\b.{0,80}|(?:verzonden|verstuurd|gestuurd) (?:vanaf|van|met|via|vanuit|door)\b.{1,100}|verzonden met \w.{1,60}|(?:download|outlook downloaden)\b.{0,6}outlook.{0,60}|"
    r"(?:skickat|sänt|skickad) (?:från|med|via)\b.{1,100}|(?:sendt|sent) (?:fra|med|via|frå)\b.{1,100}|hent outlook\b.{0,80}|hämta outlook\b.{0,80}|lähetetty\b.{1,80}|(?:wysłan[eyo]|wysłano|wysłana|wysłany) (?:z|za|ze|przy)\b.{1,100}|pobierz outlook\b.{0,60}|(?:odesláno|odoslané|poslano|odoslano|poslané) (?:z|ze|s|zo|pomocí|iz|iz mog)\b.{1,80}|"
    r"(?:отправлено|послано|надіслано|відправлено|изпратено|написано) (?:с|из|з|от|через|via|со)\b.{1,100}|(?:küldve|elküldve)\b.{1,80}|(?:trimis|expediat) (?:de|din|cu|prin|via)\b.{1,80}|.{0,40}(?:gönderildi|cihazımdan gönderildi)|(?:来自|來自) ?outlook.{0,40}|завантажте outlook.{0,40}|στάλθηκε από\b.{1,80}|"
    r"(?:發自|发自|寄自|來自我的|来自我的|从我的|從我的|由我的).{1,60}|.{2,40}(?:から|で)送信(?:しました|しています|されました)?|.{1,40}에서 보냄|나의 .{1,30}보냄|נשלח מ.{1,80}|أُرسلت? من.{1,80}|أرسلت من.{1,80}|được gửi từ\b.{1,80}|gửi từ\b.{1,80}|đã gửi từ\b.{1,80}|dikirim dari\b.{1,80})(?:\s?[<(\[]https?://[^\s>)\]]{1,200}[>)\]])?[\s*_>)\]»|.!]*$",
    re.IGNORECASE,
)
SENT_FROM: Final = re.compile(
    r"^\W{0,3}(?:sent from|envoyé de|envoyé depuis|von meinem|enviado desde|enviado do|inviato da|verstuurd vanaf|verzonden vanaf|skickat från|sendt fra|lähetetty|wysłane z|odesláno z|отправлено с|надіслано з)\b",
    re.IGNORECASE,
)
DEVICE_WORD: Final = re.compile(
    r"i(?:phone|pad|pod|os)\b|iphone|android|outlook|samsung|galaxy|huawei|xiaomi|redmi|oneplus|pixel|nokia|motorola|htc\b|sony|xperia|lumia|blackberry|windows|mac\b|macbook|"
    r"mail|gmx\b|web\.de|proton|tuta|yahoo|gmail|hotmail|spark\b|boxer|airmail|superhuman|missive|polymail|newton|edison|k-9|aqua|nine\b|zoho|aol\b|libero|yandex|яндекс|"
    r"phone|mobil|handy\b|smart|tablet|device|gerät|unterwegs|appareil|dispositiv|dispositif|portable|portátil|celular|móvil|cellular|telefon|telefoon|telefono|téléphone|puhelim|enhet|enhed|apparaat|"
    r"телефон|мобил|мобіл|смартфон|планшет|почт|пошт|телефоно|κινητό|手机|手機|携帯|スマホ|スマートフォン|邮箱|郵箱|邮件|メール|휴대|폰|메일|هاتف|جوال|נייד|טלפון|\bon the (?:go|move)|thumb|watch|typos?\b",
    re.IGNORECASE,
)
THANKS: Final = re.compile(
    r"^\W{0,4}(?:(?:many )?thanks?|thank|thx|ta\b|danke|merci|(?:muchas )?gracias|obrigad|grazie|alvast|bedankt|tack|tak\b|takk|kiitos|dziękuję|děkuji|köszön|mulțumesc|спасибо|дякую|teşekkür|谢谢|謝謝|감사|cảm ơn|terima|תודה|شكر|ขอบคุณ|धन्यवाद|با تشکر|ευχαριστώ)",
    re.IGNORECASE,
)
DISCLAIMER_OPENING: Final = re.compile(
    r"^[\W_]{0,60}(?:(?:legal |confidentiality |important |email |e-mail )*(?:disclaimer|confidentiality (?:notice|note|statement|warning)|confidential:|legal notice|privacy notice|caution: this e-?mail originated)|"
    r"this (?:e-?mail|message|communication|transmission)(?: message)?(?:,| and| is| may| contains| \(|, including).{0,80}(?:confidential|intended|attach|privileged)|the (?:information|content)s? (?:contained )?in this (?:e-?mail|message|communication)|"
    r"(?:p )?(?:please )?(?:consider|think (?:of|about)) the environment before|this e-?mail (?:has been|was) (?:checked|scanned) (?:for viruses )?by|diese e-?mail wurde von .{3,40} auf viren|virus-?free\.|virenfrei\.|libre de virus\.|garanti sans virus|l'absence de virus dans|este correo electrónico ha sido (?:comprobado|analizado)|questa e-?mail è stata (?:controllata|esaminata)|проверено на вирусы|без вирусов\.|save (?:a tree|paper)|before printing|"
    r"diese (?:e-?mail|nachricht)(?: \w+){0,6} (?:enthält|kann|ist) (?:\w+ ){0,3}vertraulich|der inhalt dieser (?:e-?mail|nachricht)|bitte (?:denken sie|prüfen sie).{0,40}(?:drucken|umwelt)|haftungsausschluss|"
    r"ce (?:message|courriel|mail|courrier électronique)(?: et).{0,60}(?:confidentiel|destin|pièces)|pensez à l'environnement|merci de penser à l'environnement|avis de confidentialité|"
    r"este (?:mensaje|correo|e-?mail|e-mail|mensagem)\b.{0,80}(?:confidencial|destinat|adjunt|anex|dirig)|esta mensagem\b.{0,80}(?:confidencial|destinat|anex)|aviso (?:legal|de confidencialidad)|antes de imprimir|piense en el medio ambiente|"
    r"(?:questo messaggio|questa e-?mail|le informazioni contenute|il presente messaggio|questo documento)\b.{0,100}(?:riservat|confidenzial|destinatari)|prima di stampare|rispetta l'ambiente|"
    r"(?:dit (?:e-?mail)?bericht|deze e-?mail|de informatie (?:in|verzonden))\b.{0,100}(?:vertrouwelijk|bestemd|geadresseerde)|denk aan het milieu|"
    r"(?:denne e-?mail|denna e-?post|denne e-?post\w*|detta (?:e-?post)?meddelande|denne mailen|dette brevet)\b.{0,100}(?:fortrolig|konfidentiell|konfidensiell|avsedd|tiltænkt)|tämä (?:viesti|sähköposti)\b.{0,100}(?:luottamuksel|tarkoitettu)|"
    r"(?:niniejsza wiadomość|ta wiadomość|treść tej wiadomości|informacje zawarte)\b.{0,100}(?:poufn|adresat|przeznaczon)|tato (?:zpráva|e-mailová zpráva)\b.{0,100}(?:důvěrn|určen)|(?:данное|настоящее|это) (?:сообщение|письмо)\b.{0,120}(?:конфиденциальн|предназначен)|"
    r"本(?:邮件|郵件|电子邮件|電子郵件)|このメール.{0,30}(?:機密|秘密)|본 (?:메일|이메일|전자우편))",
    re.IGNORECASE,
)
DISCLAIMER_BEGINS: Final = frozenset(
    (
        "leg", "con", "imp", "ema", "e-m", "dis", "pri", "cau", "thi", "the", "p p", "p c", "p t", "ple", "die", "vir", "lib", "gar",
        "l'a", "est", "que", "sav", "bef", "der", "bit", "haf", "ce ", "pen", "mer", "avi", "ant", "pie", "le ", "il ", "ris", "dit", "dez",
        "de ", "den", "det", "nin", "ta ", "inf", "tre", "tat", "tam",
    )
)  # fmt: skip
"""What ASCII text begins with that ``DISCLAIMER_OPENING`` matches."""
DISCLAIMER_SECRET: Final = (
    "confidential", "privileged", "vertraulich", "confidentiel", "confidencia", "riservat", "vertrouwelijk", "fortrolig",
    "konfidenti", "luottamuksel", "poufn", "důvěrn", "конфиденциальн", "конфіденційн", "gizli", "bizalmas", "εμπιστευτικ",
)  # fmt: skip
DISCLAIMER_ADDRESSEE: Final = (
    "intended", "addressee", "empfänger", "adressat", "destinataire", "destinatari", "geadresseerde", "bestemd", "modtager",
    "mottagare", "mottaker", "vastaanottaj", "adresat", "příjemc", "получател", "адресат", "одержувач", "alıcı", "címzett",
)  # fmt: skip
DISCLAIMER_DEED: Final = (
    "disclos", "unauthori", "notify", "delete", "disseminat", "distribut", "unbefugt", "löschen", "vernichten", "weitergabe",
    "diffusion", "détrui", "supprim", "elimin", "divulga", "prohibid", "proibid", "vietat", "verwijder", "slet", "radera",
    "usun", "usunię", "smaž", "удал", "видал", "silin", "törl",
)  # fmt: skip
CLOSING: Final = re.compile(
    r"^[\s*_>]*(?:(?:many |with |my |kind |warm |best |kindest |warmest |with best |with kind )*(?:regards|wishes|greetings)|best|all the best|cheers|sincerely|sincerely yours|yours (?:sincerely|faithfully|truly)|respectfully|cordially|rgds|br|kr|"
    r"(?:many |with )?thanks(?: (?:and|&) (?:best |kind |warm )?regards| in advance| again| a lot| so much| very much)?|thank you(?: (?:very|so) much| and (?:best |kind )?regards| in advance| for your (?:help|time|support))?|thx|ta|take care|talk soon|"
    r"(?:mit )?(?:freundlichen?|besten?|herzlichen?|lieben?|schönen?|vielen?|viele|liebe|beste|freundliche|schöne|herzliche|sonnige|gute) (?:(?:grüßen?|grüssen?|gruß|gruss)(?: (?:aus|von|nach) .{2,20})?|dank(?: und .{3,30})?)|grüße|grüsse|gruß|gruss|lg|mfg|vg|danke(?: und .{3,30}| im voraus)?|hochachtungsvoll|"
    r"(?:bien |très )?cordialement|cordiales salutations|salutations(?: distinguées)?|meilleures salutations|bien à vous|bonne (?:journée|soirée|réception)|amicalement|sincères salutations|merci(?: (?:d'avance|beaucoup|et .{3,30}))?|respectueusement|cdlt|"
    r"(?:un )?(?:cordial|cordiales|atento|atentos) saludos?|saludos?(?: cordiales| cordial)?|un saludo|atentamente|atte\.?|(?:muchas )?gracias(?: (?:y saludos|de antemano|por .{3,30}))?|cordialmente|abrazos?|um abraço|abs|att\.?|atenciosamente|cumprimentos|(?:com os )?melhores cumprimentos|obrigad[oa](?: .{3,30})?|grato|"
    r"(?:cordiali |distinti )saluti|saluti|grazie(?: (?:mille|in anticipo|e saluti))?|buona (?:giornata|serata)|met (?:vriendelijke|hartelijke) groet(?:en)?|vriendelijke groet(?:en)?|hartelijke groet(?:en)?|groet(?:en|jes)?|mvg|alvast bedankt|bedankt|"
    r"(?:med )?(?:vänliga?|vennlige?|venlige?|bästa|hjärtliga|hjertelige?|beste|bedste|varme?|mange|kærlige?|de bedste) h[äie]ls\w{0,8}|hälsningar|mvh|hilsen|kh|vh|dbh|tack(?: .{3,30})?|tak(?: .{3,30})?|takk(?: .{3,30})?|(?:ystävällisin )?terveisin|terveisin|kiitos(?: .{3,30})?|ystävällisin terveisin|"
    r"pozdrawiam(?: serdecznie)?|z poważaniem|z wyrazami szacunku|serdecznie pozdrawiam|dziękuję(?: .{3,30})?|s pozdravem|s pozdravom|děkuji(?: .{3,30})?|üdvözlettel|köszönettel|tisztelettel|cu (?:stimă|respect|drag)|mulțumesc(?: .{3,30})?|"
    r"с уважением|с наилучшими пожеланиями|всего доброго|спасибо(?: .{3,30})?|з повагою|дякую(?: .{3,30})?|поздрави|с уважение|s (?:osobitim )?poštovanjem|(?:lijep|srdačan|puno) pozdrav|(?:lijepi )?pozdrav|с поштовањем|(?:срдачан )?поздрав|ευχαριστώ(?: .{3,30})?|φιλικά|ขอแสดงความนับถือ|ด้วยความเคารพ|ขอบคุณ(?:ครับ|ค่ะ)?|با احترام|با تشکر|सादर|धन्यवाद|tervitades|со почит|lep pozdrav|με εκτίμηση|saygılar(?:ımla|ımızla)?|iyi çalışmalar|teşekkürler|"
    r"此致|敬礼|祝好|谢谢|謝謝|よろしくお願いします|よろしくお願いいたします|以上|敬具|감사합니다|trân trọng|cảm ơn(?: .{3,30})?|salam|terima kasih|hormat saya|בברכה|תודה|בכבוד רב|مع (?:التحية|تحياتي|فائق الاحترام|أطيب التحيات|خالص التحية|الشكر)|تحياتي|شكرا(?:ً)?|شكراً جزيلاً|kveðja|parimate soovidega|lugupidamisega|ar cieņu|pagarbiai|atentament|salutacions|s prijateljskim pozdravom|lep(?:e)? pozdrav(?:e)?|hälsningar|üdv(?:özlettel)?|sayg(?:ı|i)larımla)\s*[,.!;:)*_、。，،！]*\s*$",
    re.IGNORECASE,
)
REPLY_ABOVE: Final = re.compile(
    r"^[\W_]*(?:(?:please|bitte|por favor|per favore|merci de|veuillez|gelieve)\s)?(?:"
    r"(?:reply|respond|write|type|enter)\b.{0,40}\babove\b.{0,30}\bline\b|(?:antwort|antworten|schreiben).{0,40}(?:über|oberhalb).{0,30}(?:linie|zeile)|(?:répond|répondre|écrire|réponse).{0,40}(?:au-dessus|dessus).{0,30}ligne|"
    r"(?:respond|escrib|respuesta).{0,40}(?:encima|arriba).{0,30}línea|(?:responda|escreva).{0,40}acima.{0,30}linha|(?:rispond|scriv).{0,40}sopra.{0,30}(?:linea|riga)|(?:antwoord|typ|reageer).{0,40}boven.{0,30}(?:lijn|regel))",
    re.IGNORECASE,
)
NO_REPLY_ABOVE: Final = frozenset("cdfhijklnoquxyzCDFHIJKLNOQUXYZ0123456789")
"""What no line begins with that ``REPLY_ABOVE`` matches."""


def label_of(line: str) -> tuple[str, str] | None:
    """The kind of header label a line begins with and its value, or None."""
    match = LABEL.match(line)
    if match is None:
        return _cell_of(line) if line[:1] == "|" else None
    kind = LABEL_KIND.get(" ".join(match["label"].lower().replace("*", "").split()))
    return (kind, match["value"].strip()) if kind else None


def _cell_of(line: str) -> tuple[str, str] | None:
    """The same of a line of a table: ``| From | Ann <ann@example.org> |``."""
    cells = [cell.strip() for cell in line.strip("| \t").split("|")]
    kind = LABEL_KIND.get(cells[0].lower()) if len(cells) == 2 else None
    return (kind, cells[1]) if kind else None


def names_original(line: str) -> bool:
    """Whether a line is nothing but "Original message", in any language, without any rule."""
    return len(line) <= MAX_SEPARATOR and _ORIGINAL_WORDS.fullmatch(line.strip()) is not None


MAX_SEPARATOR: Final = 200
_RULE: Final = "-_=–—*~─━"


AROUND: Final = "> \t|*"
EDGES: Final = frozenset(AROUND + _RULE)
"""What a separator (:func:`separator_kind`) begins or ends with, unless it ends with a colon."""
ENDS: Final = EDGES | {":", "："}


def separator_kind(line: str) -> str:
    """``original`` or ``forwarded`` where a line is the separator programs set above other people's mail, else "".

    Some programs go on with the first header on the same line.
    """
    core = line.strip(AROUND)
    if not core or (core[0] not in _RULE and core[-1] not in _RULE + ":："):
        return ""
    if len(line) <= MAX_SEPARATOR:
        words = core.strip(_RULE + " ").rstrip(":： ").strip()
        if not words or words == core:
            return ""
        ruled = (core[0] in _RULE and core[1] in _RULE) or (core[-1] in _RULE and core[-2] in _RULE)
        if ruled and _ORIGINAL_WORDS.fullmatch(words):
            return "original"
        if (ruled or core[-1] in ":：") and _FORWARDED_WORDS.fullmatch(words):
            return "forwarded"
    goes_on = _RULED_AND_MORE.match(core)
    if goes_on is None:
        return ""
    if _ORIGINAL_WORDS.fullmatch(goes_on["words"]):
        return "original"
    return "forwarded" if _FORWARDED_WORDS.fullmatch(goes_on["words"]) else ""


_RULED_AND_MORE: Final = re.compile(
    r"^[-_=–—]+\s*(?P<words>[^-_=–—\s](?:[^-_=–—]|-(?!-)){2,60}?)\s*[-_=–—]{2,}\s*(?=\S[^:：]{0,30}[:：])"
)
