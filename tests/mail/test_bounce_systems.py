"""Delivery reports of many mail systems and languages: whom they speak of, whether it is final, why."""

from __future__ import annotations

import pytest

from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import parse

COPY = "Message-ID: <ours.7@desk.example.net>\nFrom: desk@example.net\nTo: ana@example.org\nSubject: Printer\n\nHello ana@example.org and bo@example.org\n"


def report(sender: str, subject: str, body: str, *headers: str) -> ParsedMail:
    head = "\n".join((f"From: {sender}", "To: desk@example.net", f"Subject: {subject}", *headers))
    text = f"{head}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    return parse(text.encode())


# sender, subject, text, {recipient: (action, class and perhaps more of the status)}
SYSTEMS: dict[str, tuple[str, str, str, dict[str, tuple[str, str]]]] = {
    "qmail, two recipients": (
        "MAILER-DAEMON@mx.example.com",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<ana@example.org>:\n192.0.2.1 does not like recipient.\n"
        "Remote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n<bo@example.org>:\nThis address's mailbox is over quota. (#5.2.2)\n\n"
        "--- Below this line is a copy of the message.\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1"), "bo@example.org": ("failed", "5.2.2")},
    ),
    "Exim, final": (
        "Mail Delivery System <Mailer-Daemon@mx.example.com>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n  ana@example.org\n    (ultimately generated from sales@example.org)\n"
        "    host mx.example.org [192.0.2.9]\n    SMTP error from remote mail server after RCPT TO:<ana@example.org>:\n    550 No such user here\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Exim, delay": (
        "Mail Delivery System <Mailer-Daemon@mx.example.com>",
        "Warning: message 1abcDE-0007jE-00 delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\n"
        "recipients after more than 24 hours on the queue on mx.example.com.\n\nThe address to which the message has not yet been delivered is:\n\n  ana@example.org\n"
        "    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and when the software gives up the message will be returned to you.\n",
        {"ana@example.org": ("delayed", "4.4")},
    ),
    "Postfix, old, no structure": (
        "MAILER-DAEMON@mx.example.com (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the Postfix program at host mx.example.com.\n\nI'm sorry to have to inform you that the message returned\nbelow could not be delivered to one or more destinations.\n\n"
        "For further assistance, please send mail to <postmaster@mx.example.com>\n\n\t\t\tThe Postfix program\n\n<ana@example.org>: host mx.example.org[192.0.2.4] said: 554 5.7.1\n"
        "    <ana@example.org>: Relay access denied (in reply to RCPT TO command)\n",
        {"ana@example.org": ("failed", "5.7.1")},
    ),
    "Sendmail 8": (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>",
        "Returned mail: User unknown",
        "The original message was received at Mon, 19 Oct 2026 09:00:00 GMT\nfrom desk@example.net\n\n   ----- The following addresses had permanent fatal errors -----\n"
        "<ana@example.org>\n    (expanded from: <sales@example.org>)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n>>> RCPT To:<ana@example.org>\n"
        "<<< 550 5.1.1 <ana@example.org>... User unknown\n550 <ana@example.org>... User unknown\n\n   ----- Original message follows -----\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Sendmail, warning": (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>",
        "Warning: could not send message for past 4 hours",
        "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n"
        "   ----- The following addresses had transient non-fatal errors -----\n<ana@example.org>\n\n   ----- Transcript of session follows -----\n"
        "<ana@example.org>... Deferred: Connection timed out with mx.example.org.\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n",
        {"ana@example.org": ("delayed", "4.4")},
    ),
    "Exchange 5.5": (
        "System Administrator <postmaster@example.org>",
        "Undeliverable: Printer",
        "Your message\n\n  To:      Ana\n  Subject: Printer\n  Sent:    Mon, 19 Oct 2026 09:00:00 +0200\n\ndid not reach the following recipient(s):\n\n"
        "ana@example.org on Mon, 19 Oct 2026 09:00:10 +0200\n    The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=x;l=Y\n    MSEXCH:IMS:Org:Site:Server 0 (000C05A6) Unknown Recipient\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Microsoft SMTPSVC": (
        "postmaster@example.org",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       ana@example.org\n       bo@example.org\n",
        {"ana@example.org": ("failed", ""), "bo@example.org": ("failed", "")},
    ),
    "GroupWise": (
        "Mailer-Daemon@gw.example.org",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n\tana@example.org (mailbox is full)\n",
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "Lotus Notes": (
        "POSTMASTER@gw.example.org",
        "Undeliverable message",
        "------- Failure Reasons  --------\n\nUser ana not listed in public Name & Address Book\nana@example.org\n\n------- Returned Message --------\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Domino": (
        "Postmaster@example.org",
        "DELIVERY FAILURE: User ana (ana@example.org) not listed in Domino Directory",
        "Your message\n\n  Subject: Printer\n\nwas not delivered to:\n\n  ana@example.org\n\nbecause:\n\n  User ana (ana@example.org) not listed in Domino Directory\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Gmail, old": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     ana@example.org\n\nTechnical details of permanent failure: \n"
        "Google tried to deliver your message, but it was rejected by the recipient domain. We recommend contacting the other email provider at postmaster@example.org for further information. "
        "The error that the other server returned was: 550 550 5.1.1 <ana@example.org>: Recipient address rejected (state 14).\n\n----- Original message -----\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Gmail, today, text alone": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "\n** Address not found **\n\nYour message wasn't delivered to ana@example.org because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n550 5.1.1 The email account that you tried to reach does not exist.\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Gmail, retrying": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "\n** Delivery incomplete **\n\nThere was a temporary problem delivering your message to ana@example.org. Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.\n",
        {"ana@example.org": ("delayed", "")},
    ),
    "Yahoo": (
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<ana@example.org>:\nRemote host said:\n554 delivery error: dd This user doesn't have a example.org account (ana@example.org) [0] - mta1\n\n--- Below this line is a copy of the message.\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "AOL": (
        "Mail Delivery Subsystem <MAILER-DAEMON@aol.com>",
        "Mail Delivery Problem",
        "Your mail to the following recipients could not be delivered because they are not accepting mail from desk@example.net:\n\n     ana@example.org\n",
        {"ana@example.org": ("failed", "")},
    ),
    "AOL, users without a domain": (
        "Mail Delivery Subsystem <MAILER-DAEMON@example.org>",
        "Mail Delivery Problem",
        "Sorry desk@example.net. Your mail to the following recipients could not be delivered because they are not accepting mail with attachments:\n\tana\n\tbo_99\n",
        {"ana@example.org": ("failed", ""), "bo_99@example.org": ("failed", "")},
    ),
    "GroupWise, user without a domain": (
        "Mailer-Daemon@example.org",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n\n\tana (User account is expired)\n",
        {"ana@example.org": ("failed", "5.2.1")},
    ),
    "Axigen, given up": (
        "Mailer-Daemon@mx.example.com",
        "Undelivered mail: Printer",
        "Hello, this is the mail server on mx.example.com.\n\nImmediately below you will find a list of\nthe affected recipients.\n\n  <ana@example.org>  delivery failed; will not continue trying\n",
        {"ana@example.org": ("failed", "")},
    ),
    "PowerMTA, delay": (
        "Mailer-Daemon@mx.example.com",
        "Delivery report",
        "  <ana@example.org>  delivery temporarily delayed; will continue trying\n",
        {"ana@example.org": ("delayed", "")},
    ),
    "Postfix, wrapped reason without a code": (
        "MAILER-DAEMON@mx.example.com (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.example.com.\n\nYour message could not be delivered to one or more recipients.\n\n<ana@example.org>: connect to mx.example.org[192.0.2.1]:25: Connection timed\n    out\n",
        {"ana@example.org": ("failed", "5.4.1")},
    ),
    "Outlook, the client": (
        "System Administrator <postmaster@example.com>",
        "Undeliverable: Printer",
        "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tPrinter\n      Sent:\t10/19/2026 9:00 AM\n\nThe following recipient(s) cannot be reached:\n\n      'ana@example.org' on 10/19/2026 9:00 AM\n            550 5.1.1 unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Exchange, in German": (
        "postmaster@example.de",
        "Unzustellbar: Drucker",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nana@example.org (ana@example.org)\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\nDiagnoseinformationen für Administratoren:\n\nana@example.org\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Gmail, in Spanish": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "\n** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a ana@example.org porque no se ha encontrado la dirección.\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "MDaemon": (
        "MDaemon@mx.example.com",
        "Permanent Delivery Failure",
        "The attached message had PERMANENT fatal delivery errors!\n\nYOUR MESSAGE WAS NOT DELIVERED!\n\nThe following addresses did NOT receive a copy of your message:\n\n> ana@example.org\n\n--- Session Transcript ---\n"
        " Attempting SMTP connection to [192.0.2.2 : 25]\n 220 mx.example.org ESMTP\n RCPT To:<ana@example.org>\n 550 <ana@example.org>, Recipient unknown\n--- End Transcript ---\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "IMail": (
        "Postmaster <postmaster@mx.example.com>",
        "Undeliverable Mail",
        "Unknown user: ana@example.org\n\n\nOriginal message follows.\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "CommuniGate Pro": (
        "MAILER-DAEMON@mx.example.com",
        "Undeliverable mail: Printer",
        "Failed to deliver to 'ana@example.org'\nSMTP module(domain example.org) reports:\n ana@example.org: user unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Smail": (
        "MAILER-DAEMON@mx.example.com",
        "mail failed, returning to sender",
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <ana@example.org> ... unknown host\n|------------------------- Message text follows: ------------------------|\n" + COPY,
        {"ana@example.org": ("failed", "5.1.2")},
    ),
    "InterScan": (
        "InterScan NT Alert <postmaster@example.org>",
        "Mail could not be delivered",
        "****** Message from InterScan E-Mail VirusWall NT ******\n\nSent <<< RCPT TO:<ana@example.org>\nReceived >>> 550 5.1.1 unknown user\nUnable to deliver message to <ana@example.org> (and other recipients in the same domain).\n\n************************     End of message     **********************\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "PMDF": (
        "PMDF e-Mail Interconnect <MAILER-DAEMON@mx.example.com>",
        "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: <ours.7@desk.example.net>\n  From: desk@example.net\n  To: sales@example.org\n  Subject: Printer\n\n"
        "Your message cannot be delivered to the following recipients:\n\n  Recipient address: ana@example.org\n  Reason: Server rejected MAIL FROM address.\n  Diagnostic code: smtp;550 5.7.1 Access denied\n",
        {"ana@example.org": ("failed", "5.7.1")},
    ),
    "OpenSMTPD": (
        "Mailer Daemon <MAILER-DAEMON@mx.example.com>",
        "Delivery status notification: warning",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    A message is delayed for more than 4 hours for the following\n    list of recipients:\n\nana@example.org: 421 4.7.0 Try again later\n\n    Please note that this is only a temporary failure report.\n    The message is kept in the queue for up to 4 days.\n    You DO NOT NEED to re-send the message to these recipients.\n",
        {"ana@example.org": ("delayed", "4.7.0")},
    ),
    "DragonFly": (
        "MAILER-DAEMON <>",
        "Mail delivery failed",
        "This is the DragonFly Mail Agent v0.13 at df.example.com.\n\nThere was an error delivering your mail to <ana@example.org>.\n\nmx.example.org [192.0.2.1] did not like our RCPT TO:\n550 5.1.1 <ana@example.org>: User unknown\n\nOriginal message follows.\n\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Courier": (
        '"Courier mail server at mx.example.com" <MAILER-DAEMON@mx.example.com>',
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.example.com,\nrunning the Courier mail server.\n\nThe original message was received on Mon, 19 Oct 2026.\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<ana@example.org>:\n    mx.example.org [192.0.2.1]:\n>>> RCPT TO:<ana@example.org>\n<<< 550 User unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "MXLogic": (
        "Mail Delivery System <mailer-daemon@mx.example.com>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address failed:\n\n  <ana@example.org>: 550 5.1.1 Recipient unknown\n\nIncluded is a copy of the message header:\n-----------------------------------------\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "1&1": (
        "Mail Delivery System <mailer-daemon@mx.example.com>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error.\n\nThe following address failed:\n\nana@example.org:\nSMTP error from remote server for RCPT TO command, host: mx.example.org (192.0.2.1) reason: 550 mailbox full\n\n--- The header of the original message is following. ---\n\n" + COPY,
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "Kerio": (
        "MAILER-DAEMON@mx.example.com",
        "Undeliverable: Printer",
        "This message was generated by mail delivery software.\n\nMessage to the following recipients was NOT delivered:\n\nana@example.org:\n    SMTP error: 550 5.1.1 unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Zimbra postfix in German": (
        "MAILER-DAEMON@mx.example.de (Mail Delivery System)",
        "Unzustellbare Mail zurück an Absender",
        "Ihre Nachricht konnte nicht an alle Empfänger zugestellt werden.\n\n<ana@example.org>: Host mx.example.org sagt: 550 5.1.1 Benutzer unbekannt\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "T-Online in German": (
        "Mail Delivery System <mailer-daemon@example.de>",
        "Mail konnte nicht zugestellt werden / Mail delivery failed",
        "Die folgende Adresse ist nicht erreichbar:\n\n  ana@example.org\n    Postfach voll\n\nIhre Nachricht konnte nicht zugestellt werden.\n",
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "French": (
        "MAILER-DAEMON@smtp.example.fr",
        "Échec de la remise : imprimante",
        "Votre message n'a pas pu être remis aux destinataires suivants :\n\n  ana@example.org\n    Destinataire inconnu\n\nMessage d'origine\n" + COPY,
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Spanish": (
        "postmaster@example.es",
        "Mensaje no entregado: impresora",
        "No se pudo entregar el mensaje a los siguientes destinatarios:\n\n  ana@example.org\n    El buzón de correo del destinatario está lleno\n",
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "Portuguese": (
        "MAILER-DAEMON@mx.example.br",
        "Falha na entrega: impressora",
        "Não foi possível entregar sua mensagem para ana@example.org\n\nMotivo: usuário não existe\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Italian": (
        "Mail Delivery System <mailer-daemon@mx.example.it>",
        "Mancato recapito: stampante",
        "Impossibile recapitare il messaggio ai seguenti destinatari:\n\n <ana@example.org>\n Utente sconosciuto\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Dutch": (
        "postmaster@example.nl",
        "Onbestelbaar: printer",
        "Uw bericht kon niet worden bezorgd bij de volgende geadresseerden:\n\nana@example.org\nHet e-mailadres is onbekend\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Polish": (
        "MAILER-DAEMON@mx.example.pl",
        "Nie można dostarczyć wiadomości",
        "Twoja wiadomość nie została dostarczona do następujących odbiorców:\n\n<ana@example.org>\nAdresat nie istnieje\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Russian": (
        "mailer-daemon@corp.example.ru",
        "Ваше сообщение не доставлено. Mail failure.",
        "Это письмо создано автоматически сервером, отвечать на него не нужно.\n\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n  ana@example.org\n    Пользователь не существует\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Chinese (QQ)": (
        "PostMaster@qq.example",
        "系统退信/Systems bounce",
        "抱歉，您的邮件被退回来了……\n原邮件信息：\n\n发送时间\t2026-10-19 09:00:00\n收件人：ana@example.org\n主题：Printer\n\n退信原因：收件人邮箱已满\n",
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "Chinese (163)": (
        "Postmaster@163.example",
        "系统退信",
        "抱歉，您的邮件被退回来了…\n\n无法发送到 ana@example.org\n退信原因：用户不存在 User unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Japanese carrier": (
        "Postmaster@mobile.example.jp",
        "Mail System Error - Returned Mail",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n送信先メールアドレスが見つかりませんでした。\n\n<ana@example.org>\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Korean": (
        "MAILER-DAEMON@mx.example.kr",
        "메일 전송 실패",
        "다음 받는 사람에게 메일을 전송하지 못했습니다.\n\n받는사람: ana@example.org\n원인: 사용자가 없습니다\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Turkish": (
        "postmaster@example.com.tr",
        "Teslim edilemedi: yazıcı",
        "İletiniz aşağıdaki alıcılara teslim edilemedi:\n\nana@example.org\n550 5.1.1 user unknown\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Barracuda": (
        "Barracuda <postmaster@filter.example.com>",
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: ana@example.org\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:\n\nSubject: Printer\n",
        {"ana@example.org": ("failed", "5.7.1")},
    ),
    "MailMarshal": (
        "MailMarshal <postmaster@gw.example.org>",
        "Undeliverable Mail: \"Printer\"",
        "Your message:\n   From:    desk@example.net\n   Subject: Printer\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n   ana@example.org\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "SurfControl": (
        "SurfControl E-mail Filter <postmaster@gw.example.org>",
        "Undeliverable: Printer",
        "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: ana@example.org\n\nMon, 19 Oct 2026 09:00:00 +0200\nFailed to send to identified host,\nana@example.org: [192.0.2.1], 550 ana@example.org... No such user\n--- Message non-deliverable.\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "LSMTP": (
        "mailer-daemon@list.example.com",
        "Undelivered mail",
        "--> Error description:\n\nError-For:  ana@example.org\nError-Code: 3\nError-Text: No such mailbox.\n\nError-End:  One error reported.\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "USA.NET": (
        "MAILER-DAEMON@usa.example.net",
        "Mail System Error - Returned Mail",
        "Intended recipient:  <ana@example.org>\n\n550 mailbox exceeds allowed quota\n\n--------RETURNED MAIL FOLLOWS--------\n" + COPY,
        {"ana@example.org": ("failed", "5.2.2")},
    ),
    "James": (
        "postmaster@james.example.org",
        "[ERROR] Printer",
        "Hi. This is the James mail server at james.example.org.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.  Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\nana@example.org\n\nError message:\n550 5.1.1 no such user\n",
        {"ana@example.org": ("failed", "5.1.1")},
    ),
    "Status fields in the text": (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>",
        "Returned mail: Service unavailable",
        "The mail could not be delivered.\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: RFC822; ana@example.org\nAction: failed\nStatus: 5.2.1\nDiagnostic-Code: SMTP; 550 disabled\n\n" + COPY,
        {"ana@example.org": ("failed", "5.2.1")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SYSTEMS)
def test_mail_systems(name: str) -> None:
    sender, subject, body, expected = SYSTEMS[name]
    parsed = report(sender, subject, body)
    assert parsed.kind == "bounce"
    assert parsed.bounce is not None
    found = {one.address: one for one in parsed.bounce.recipients}
    assert set(found) == set(expected)
    for address, (action, status) in expected.items():
        assert found[address].action == action
        assert found[address].status.startswith(status), found[address]
    if "Message-ID" in body:
        assert parsed.bounce.original_message_id == "ours.7@desk.example.net"
