"""Messages passed on, as programs of many makers and languages write them below a note, and mail that only looks so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOTE: Final = "Please see below."
BODY: Final = "My printer is dead.\n\nBo"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A forward: its subject, what stands between note and body, and the subject the passed-on message had."""

    subject: str
    head: str
    inner: str = "Printer"
    body: str = BODY

    @property
    def text(self) -> str:
        """The plain text as the program sends it."""
        return f"{NOTE}\n\n{self.head}\n{self.body}\n"


# The author is always Bo Client <bo@example.org>; the address "To" is support@example.net where there is one.
# fmt: off
FORMS: Final = {
    "en Gmail": PassedOn("Fwd: Printer", "---------- Forwarded message ---------\nFrom: Bo Client <bo@example.org>\nDate: Mon, Oct 19, 2026 at 9:05 AM\nSubject: Printer\nTo: <support@example.net>\n\n"),
    "en Apple": PassedOn("Fwd: Printer", "Begin forwarded message:\n\n> From: Bo Client <bo@example.org>\n> Subject: Printer\n> Date: 19 October 2026 at 09:05:12 CEST\n> To: support@example.net\n> ", body="> My printer is dead.\n> \n> Bo"),
    "en Thunderbird": PassedOn("Fwd: Printer", "-------- Forwarded Message --------\nSubject: \tPrinter\nDate: \tMon, 19 Oct 2026 09:05:12 +0200\nFrom: \tBo Client <bo@example.org>\nTo: \tsupport@example.net\n\n"),
    "en Outlook": PassedOn("FW: Printer", "From: Bo Client <bo@example.org>\nSent: Monday, October 19, 2026 9:05 AM\nTo: support@example.net\nSubject: Printer\n"),
    "en Outlook iOS": PassedOn("Fw: Printer", "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Bo Client <bo@example.org>\nSent: Monday, October 19, 2026 9:05:12 AM\nTo: support@example.net <support@example.net>\nSubject: Printer\n"),
    "en Yahoo": PassedOn("Fw: Printer", "   ----- Forwarded Message ----- From: Bo Client <bo@example.org>To: \"support@example.net\" <support@example.net>Sent: Monday, October 19, 2026 at 09:05:12 AM GMT+2Subject: Printer\n "),
    "en Proton": PassedOn("Fw: Printer", "------- Forwarded Message -------\nFrom: Bo Client <bo@example.org>\nDate: On Monday, October 19th, 2026 at 9:05 AM\nSubject: Printer\nTo: support@example.net <support@example.net>\n\n"),
    "en Fastmail": PassedOn("Fwd: Printer", "----- Original message -----\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\nSubject: Printer\nDate: Monday, October 19, 2026 9:05 AM\n\n"),
    "en Zoho": PassedOn("Fwd: Printer", "============ Forwarded message ============\nFrom: Bo Client <bo@example.org>\nTo: <support@example.net>\nDate: Mon, 19 Oct 2026 09:05:12 +0200\nSubject: Printer\n============ Forwarded message ============\n"),
    "en mutt": PassedOn("[bo@example.org: Printer]", "----- Forwarded message from Bo Client <bo@example.org> -----\n\nDate: Mon, 19 Oct 2026 09:05:12 +0200\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\nSubject: Printer\nUser-Agent: Mutt/2.2\n", body=BODY + "\n\n----- End forwarded message -----"),
    "en Notes": PassedOn("Fw: Printer", "----- Forwarded by Ann Desk/Example on 10/19/2026 09:05 AM -----\n\nFrom:   Bo Client <bo@example.org>\nTo:     support@example.net\nDate:   10/19/2026 09:05 AM\nSubject:        Printer\n\n\n"),
    "en Samsung": PassedOn("Fwd: Printer", "-------- Original message --------\nFrom: Bo Client <bo@example.org>\nDate: 19/10/2026 09:05 (GMT+01:00)\nTo: support@example.net\nSubject: Printer\n"),
    "en HEY": PassedOn("Fwd: Printer", "---------- Forwarded message ---------\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\nDate: October 19, 2026\nSubject: Printer\n"),
    "en Front": PassedOn("Fwd: Printer", "---------- Forwarded message ----------\nFrom: Bo Client <bo@example.org>\nDate: Oct 19, 2026, 9:05 AM GMT+2\nTo: support@example.net\nSubject: Printer\n"),
    "en Missive": PassedOn("Fwd: Printer", "---------- Forwarded message ----------\nFrom: Bo Client <bo@example.org>\nDate: October 19, 2026 at 9:05 AM\nSubject: Printer\nTo: support@example.net\n"),
    "en Spark": PassedOn("Fwd: Printer", "---------- Forwarded message ----------\nFrom: Bo Client <bo@example.org>\nDate: 19 Oct 2026 at 9:05 AM +0200\nTo: support@example.net\nSubject: Printer\n"),
    "en eM Client": PassedOn("Fw: Printer", "------ Forwarded Message ------\nFrom \"Bo Client\" <bo@example.org>\nTo support@example.net\nDate 10/19/2026 9:05:12 AM\nSubject Printer\n"),
    "en K-9": PassedOn("Fwd: Printer", "-------- Original Message --------\nFrom: Bo Client <bo@example.org>\nSent: October 19, 2026 9:05:12 AM GMT+02:00\nTo: support@example.net\nSubject: Printer\n"),
    "en Evolution": PassedOn("Fwd: Printer", "-------- Forwarded Message --------\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\nSubject: Printer\nDate: Mon, 19 Oct 2026 09:05:12 +0200\n"),
    "en KMail": PassedOn("Fwd: Printer", "----------  Forwarded Message  ----------\n\nSubject: Printer\nDate: Monday, 19 October 2026, 09:05:12 CEST\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\n", body=BODY + "\n-----------------------------------------"),
    "en Roundcube": PassedOn("Fwd: Printer", "-------- Original Message --------\nSubject: Printer\nDate: 2026-10-19 09:05\nFrom: Bo Client <bo@example.org>\nTo: support@example.net\n"),
    "de GMX": PassedOn("Fw: Drucker", "Gesendet: Montag, 19. Oktober 2026 um 09:05 Uhr\nVon: \"Bo Client\" <bo@example.org>\nAn: support@example.net\nBetreff: Drucker\n", "Drucker"),
    "de Outlook": PassedOn("WG: Drucker", "Von: Bo Client <bo@example.org>\nGesendet: Montag, 19. Oktober 2026 09:05\nAn: support@example.net\nBetreff: Drucker\n", "Drucker"),
    "de Apple": PassedOn("Fwd: Drucker", "Anfang der weitergeleiteten Nachricht:\n\n> Von: Bo Client <bo@example.org>\n> Betreff: Drucker\n> Datum: 19. Oktober 2026 um 09:05:12 MESZ\n> An: support@example.net\n> ", "Drucker", "> My printer is dead.\n> \n> Bo"),
    "de Notes": PassedOn("WG: Drucker", "----- Weitergeleitet von Ann Desk/Example am 19.10.2026 09:05 -----\n\nVon:    Bo Client <bo@example.org>\nAn:     support@example.net\nDatum:  19.10.2026 09:05\nBetreff:        Drucker\n\n\n", "Drucker"),
    "de T-Online": PassedOn("Fwd: Drucker", "-----Weitergeleitete Nachricht-----\nBetreff: Drucker\nDatum: 2026-10-19T09:05:12+0200\nVon: \"Bo Client\" <bo@example.org>\nAn: \"support@example.net\" <support@example.net>\n", "Drucker"),
    "fr Outlook": PassedOn("TR: Imprimante", "De : Bo Client <bo@example.org>\nEnvoyé : lundi 19 octobre 2026 09:05\nÀ : support@example.net\nObjet : Imprimante\n", "Imprimante"),
    "fr Gmail": PassedOn("Fwd: Imprimante", "---------- Forwarded message ---------\nDe : Bo Client <bo@example.org>\nDate: lun. 19 oct. 2026 à 09:05\nSubject: Imprimante\nTo: <support@example.net>\n\n", "Imprimante"),
    "fr Orange": PassedOn("TR: Imprimante", "> Message du 19/10/26 09:05\n> De : \"Bo Client\" <bo@example.org>\n> A : support@example.net\n> Copie à : \n> Objet : Imprimante\n> ", "Imprimante", "> My printer is dead.\n> \n> Bo"),
    "es Apple": PassedOn("Fwd: Impresora", "Inicio del mensaje reenviado:\n\n> De: Bo Client <bo@example.org>\n> Asunto: Impresora\n> Fecha: 19 de octubre de 2026, 9:05:12 CEST\n> Para: support@example.net\n> ", "Impresora", "> My printer is dead.\n> \n> Bo"),
    "es Outlook": PassedOn("RV: Impresora", "De: Bo Client <bo@example.org>\nEnviado el: lunes, 19 de octubre de 2026 9:05\nPara: support@example.net\nAsunto: Impresora\n", "Impresora"),
    "it Outlook": PassedOn("I: Stampante", "Da: Bo Client <bo@example.org>\nInviato: lunedì 19 ottobre 2026 09:05\nA: support@example.net\nOggetto: Stampante\n", "Stampante"),
    "it Libero": PassedOn("Fwd: Stampante", "---------- Messaggio originale ----------\nDa: Bo Client <bo@example.org>\nA: support@example.net\nData: 19/10/2026 09:05 CEST\nOggetto: Stampante\n", "Stampante"),
    "pt Outlook": PassedOn("ENC: Impressora", "De: Bo Client <bo@example.org>\nEnviada em: segunda-feira, 19 de outubro de 2026 09:05\nPara: support@example.net\nAssunto: Impressora\n", "Impressora"),
    "nl Outlook": PassedOn("FW: Printer", "Van: Bo Client <bo@example.org>\nVerzonden: maandag 19 oktober 2026 09:05\nAan: support@example.net\nOnderwerp: Printer\n"),
    "nl Apple": PassedOn("Fwd: Printer", "Begin doorgestuurd bericht:\n\n> Van: Bo Client <bo@example.org>\n> Onderwerp: Printer\n> Datum: 19 oktober 2026 om 09:05:12 CEST\n> Aan: support@example.net\n> ", body="> My printer is dead.\n> \n> Bo"),
    "sv Outlook": PassedOn("VB: Skrivare", "Från: Bo Client <bo@example.org>\nSkickat: den 19 oktober 2026 09:05\nTill: support@example.net\nÄmne: Skrivare\n", "Skrivare"),
    "da Outlook": PassedOn("VS: Printer", "Fra: Bo Client <bo@example.org>\nSendt: 19. oktober 2026 09:05\nTil: support@example.net\nEmne: Printer\n"),
    "fi Outlook": PassedOn("VL: Tulostin", "Lähettäjä: Bo Client <bo@example.org>\nLähetetty: maanantai 19. lokakuuta 2026 9.05\nVastaanottaja: support@example.net\nAihe: Tulostin\n", "Tulostin"),
    "pl Outlook": PassedOn("PD: Drukarka", "Od: Bo Client <bo@example.org>\nWysłano: poniedziałek, 19 października 2026 09:05\nDo: support@example.net\nTemat: Drukarka\n", "Drukarka"),
    "cs Seznam": PassedOn("Fwd: Tiskárna", "---------- Přeposlaná zpráva ----------\nOd: Bo Client <bo@example.org>\nKomu: support@example.net\nDatum: 19. 10. 2026 9:05:12\nPředmět: Tiskárna\n", "Tiskárna"),
    "sk Outlook": PassedOn("FW: Tlačiareň", "Od: Bo Client <bo@example.org>\nOdoslané: pondelok 19. októbra 2026 9:05\nKomu: support@example.net\nPredmet: Tlačiareň\n", "Tlačiareň"),
    "hr Outlook": PassedOn("FW: Pisač", "Šalje: Bo Client <bo@example.org>\nPoslano: ponedjeljak, 19. listopada 2026. 9:05\nPrima: support@example.net\nPredmet: Pisač\n", "Pisač"),
    "hu Outlook": PassedOn("FW: Nyomtató", "Feladó: Bo Client <bo@example.org>\nElküldve: 2026. október 19., hétfő 9:05\nCímzett: support@example.net\nTárgy: Nyomtató\n", "Nyomtató"),
    "ro Gmail": PassedOn("Fwd: Imprimantă", "---------- Forwarded message ---------\nDe la: Bo Client <bo@example.org>\nDate: lun., 19 oct. 2026 la 09:05\nSubject: Imprimantă\nTo: <support@example.net>\n\n", "Imprimantă"),
    "tr Outlook": PassedOn("İLT: Yazıcı", "Gönderen: Bo Client <bo@example.org>\nGönderildi: 19 Ekim 2026 Pazartesi 09:05\nKime: support@example.net\nKonu: Yazıcı\n", "Yazıcı"),
    "el Outlook": PassedOn("ΠΡΘ: Εκτυπωτής", "Από: Bo Client <bo@example.org>\nΣτάλθηκε: Δευτέρα, 19 Οκτωβρίου 2026 9:05 πμ\nΠρος: support@example.net\nΘέμα: Εκτυπωτής\n", "Εκτυπωτής"),
    "bg abv.bg": PassedOn("FW: Принтер", "-------- Оригинално писмо --------\nОт: Bo Client bo@example.org\nОтносно: Принтер\nДо: support@example.net\nИзпратено на: 19.10.2026 09:05\n", "Принтер"),
    "ru Yandex": PassedOn("Fwd: Принтер", "-------- Пересылаемое сообщение --------\n19.10.2026, 09:05, \"Bo Client\" <bo@example.org>:\n", "Принтер", BODY + "\n-------- Конец пересылаемого сообщения --------"),
    "ru mail.ru": PassedOn("Fwd: Принтер", "-------- Пересылаемое сообщение --------\nОт: Bo Client <bo@example.org>\nКому: support@example.net\nДата: Понедельник, 19 октября 2026, 9:05 +03:00\nТема: Принтер\n", "Принтер"),
    "ru Outlook": PassedOn("FW: Принтер", "От: Bo Client <bo@example.org>\nОтправлено: понедельник, 19 октября 2026 г. 9:05\nКому: support@example.net\nТема: Принтер\n", "Принтер"),
    "uk ukr.net": PassedOn("Fwd: Принтер", "--- Переслане повідомлення ---\nВід кого: \"Bo Client\" <bo@example.org>\nДата: 19 жовтня 2026, 09:05:12\nКому: support@example.net\nТема: Принтер\n", "Принтер"),
    "he Outlook": PassedOn("FW: מדפסת", "מאת: Bo Client <bo@example.org>\nנשלח: יום שני 19 אוקטובר 2026 09:05\nאל: support@example.net\nנושא: מדפסת\n", "מדפסת"),
    "ar Outlook": PassedOn("FW: طابعة", "من: Bo Client <bo@example.org>\nتم الإرسال: الاثنين، 19 أكتوبر، 2026 09:05 ص\nإلى: support@example.net\nالموضوع: طابعة\n", "طابعة"),
    "vi Outlook": PassedOn("Fwd: Máy in", "Từ: Bo Client <bo@example.org>\nĐã gửi: Thứ Hai, 19 Tháng Mười 2026 9:05 SA\nĐến: support@example.net\nChủ đề: Máy in\n", "Máy in"),
    "th Outlook": PassedOn("FW: เครื่องพิมพ์", "จาก: Bo Client <bo@example.org>\nส่ง: 19 ตุลาคม 2569 9:05\nถึง: support@example.net\nเรื่อง: เครื่องพิมพ์\n", "เครื่องพิมพ์"),
    "ja Outlook": PassedOn("FW: プリンター", "差出人: Bo Client <bo@example.org>\n送信日時: 2026年10月19日月曜日 9:05\n宛先: support@example.net\n件名: プリンター\n", "プリンター"),
    "ja Yahoo": PassedOn("Fwd: プリンター", "---------- 転送メッセージ ----------\n差出人: Bo Client <bo@example.org>\n日付: 2026年10月19日 9:05\n件名: プリンター\n宛先: support@example.net\n", "プリンター"),
    "zh QQ": PassedOn("转发：打印机", "------------------ 转发邮件 ------------------\n发件人: \"Bo Client\" <bo@example.org>;\n发送时间: 2026年10月19日(星期一) 上午9:05\n收件人: \"support\"<support@example.net>;\n主题: 打印机\n", "打印机"),
    "zh NetEase": PassedOn("Fw:打印机", "-------- 转发邮件信息 --------\n发件人：\"Bo Client\" <bo@example.org>\n发送日期：2026-10-19 09:05:12\n收件人：support@example.net\n主题：打印机\n", "打印机"),
    "zh NetEase Master": PassedOn("Fw:打印机", "---- 转发的邮件 ----\n| 发件人 | Bo Client<bo@example.org> |\n| 发送日期 | 2026年10月19日 09:05 |\n| 收件人 | <support@example.net> |\n| 主题 | 打印机 |\n", "打印机"),
    "zh Foxmail": PassedOn("转发: 打印机", "发件人： Bo Client <bo@example.org>\n发送时间： 2026-10-19 09:05\n收件人： support@example.net\n主题： 打印机\n", "打印机"),
    "zh-TW Outlook": PassedOn("轉寄: 印表機", "寄件者: Bo Client <bo@example.org>\n寄件日期: 2026年10月19日 上午 09:05\n收件者: support@example.net\n主旨: 印表機\n", "印表機"),
    "ko Naver": PassedOn("FW: 프린터", "-----Original Message-----\nFrom: \"Bo Client\"<bo@example.org>\nTo: <support@example.net>;\nCc:\nSent: 2026-10-19 (월) 09:05:12 (GMT+09:00)\nSubject: 프린터\n", "프린터"),
    "ko Gmail": PassedOn("Fwd: 프린터", "---------- 전달된 메일 ---------\n보낸사람: Bo Client <bo@example.org>\n날짜: 2026년 10월 19일 (월) 오전 9:05\n제목: 프린터\n받는사람: <support@example.net>\n\n", "프린터"),
}

# A forward of a forward: who wrote is the one who wrote to us first passed on, the innermost stays in the text.
NESTED: Final = "Please see below.\n\n---------- Forwarded message ---------\nFrom: Cleo Middle <cleo@example.org>\nDate: Tue, Oct 20, 2026 at 8:00 AM\nSubject: Fwd: Printer\nTo: <ann.desk@example.net>\n\n\nFor you.\n\n---------- Forwarded message ---------\nFrom: Bo Client <bo@example.org>\nDate: Mon, Oct 19, 2026 at 9:05 AM\nSubject: Printer\nTo: <cleo@example.org>\n\n\nMy printer is dead.\n"

# Subject and text of mail that passes nothing on.
NO_FORWARDS: Final = {
    "answer with a block": ("RE: Printer", "It works.\n\nFrom: Bo Client <bo@example.org>\nSent: Monday, October 19, 2026 9:05 AM\nTo: support@example.net\nSubject: Printer\n\nMy printer is dead.\n"),
    "answer with a German block": ("AW: Drucker", "Geht wieder.\n\n-----Ursprüngliche Nachricht-----\nVon: Bo Client <bo@example.org>\nGesendet: Montag, 19. Oktober 2026 09:05\nAn: support@example.net\nBetreff: Drucker\n\nDrucker tot.\n"),
    "answer of a Finn": ("VS: Tulostin", "Toimii taas.\n\nLähettäjä: Bo Client <bo@example.org>\nLähetetty: maanantai 19. lokakuuta 2026 9.05\nVastaanottaja: support@example.net\nAihe: Tulostin\n\nTulostin rikki.\n"),
    "answer of a Croat": ("Odg: Pisač", "Radi.\n\nŠalje: Bo Client <bo@example.org>\nPoslano: ponedjeljak, 19. listopada 2026. 9:05\nPrima: support@example.net\nPredmet: Pisač\n\nPisač ne radi.\n"),
    "a forwarding rule asked about": ("Forwarding of mail", "Please forward my mail from old@example.org to new@example.org.\n\nFrom: 1 November\nTo: 31 December\n"),
    "attribution": ("Re: Printer", "Yes.\n\nOn Mon, Oct 19, 2026 at 9:05 AM Bo <bo@example.org> wrote:\n\n> Dead?\n"),
    "QQ answer": ("回复：打印机", "好了。\n\n------------------ 原始邮件 ------------------\n发件人: \"Bo\" <bo@example.org>;\n发送时间: 2026年10月19日(星期一) 上午9:05\n收件人: \"support\"<support@example.net>;\n主题: 打印机\n\n坏了。\n"),
    "Turkish answer": ("YNT: Yazıcı", "Çalışıyor.\n\nGönderen: Bo <bo@example.org>\nGönderildi: 19 Ekim 2026 Pazartesi 09:05\nKime: support@example.net\nKonu: Yazıcı\n\nBozuk.\n"),
}
# fmt: on
