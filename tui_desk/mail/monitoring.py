"""Mails of monitoring systems: what a problem and its recovery have in common, so that they thread.

The key names the alert ("nagios:web1/http"), whatever its state; it is not proof of anything. Whoever threads by it
takes only mails of one sender together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tui_desk.mail.auto_words import ANSWER_PREFIX
from tui_desk.mail.charsets import one_line
from tui_desk.mail.headers import Fields, text_of
from tui_desk.mail.prefilter import may_hold

MAX_KEY: Final = 200
_MAX_SUBJECT: Final = 500
_MAX_BODY: Final = 20_000
_MAX_OPENING: Final = 600
_STATE: Final = r"(?:ok|up|down|unreachable|warn(?:ing)?|crit(?:ical)?|unknown|pending|problem|recovered|recovery|flapping)"
_NOTICE: Final = r"(?:problem|recovery|acknowledgement|acknowledged|flapping(?:start|stop|disabled|end)?|downtime(?:start|end|cancelled|removed)?|custom)"
_FORWARDED: Final = re.compile(r"\s*(?:fwd?|fw|wg|tr|i|rv)\s*[:：]", re.IGNORECASE)


def monitoring_key(fields: Fields, subject: str, text: str) -> str | None:
    """What alert a mail is about: ``system:identity`` in lower case, at most 200 characters; None for all other mail.

    A person's answer to an alert and a forwarded alert have none.
    """
    if ANSWER_PREFIX.match(subject) or _FORWARDED.match(subject):
        return None
    subject = one_line(subject, _MAX_SUBJECT)
    body = text[:_MAX_BODY]
    for system, read in _SYSTEMS:
        identity = read(fields, subject, body)
        if identity:
            return _key(system, identity)
    return None


def _key(system: str, identity: str) -> str:
    plain = one_line(identity, MAX_KEY * 2).lower().strip(" -–:*!\"'")
    return f"{system}:{plain}"[:MAX_KEY]


def _line(body: str, *labels: str) -> str:
    """The value of a ``Label: value`` line of an alert."""
    for label in labels:
        found = re.search(rf"^[\s*>]*{label}\s*[:=]\s*(\S.{{0,200}})$", body, re.IGNORECASE | re.MULTILINE)
        if found:
            return found[1].strip()
    return ""


_NAGIOS_ALERT: Final = re.compile(
    rf"\W*(?:[\w.-]{{1,40}}\s*[:-]\s*)?{_NOTICE}\s*[:-]?\s*(?:host|service)?\s*(?:alert|notification)?\s*[:-]\s*(?P<what>.{{1,200}}?)\s+(?:is|-|has)\s+{_STATE}\W*$",
    re.IGNORECASE,
)
_ALERT_WORDS: Final = re.compile(
    rf"\W*{_NOTICE}\s+(?:host|service)\s+(?:alert|notification)\s*[:-]\s*(?P<what>.{{1,200}}?)\s+(?:is|-)\s+\w+\W*$",
    re.IGNORECASE,
)
_ICINGA2: Final = re.compile(
    rf"\[{_NOTICE}\]\s*(?:(?P<service>.{{1,120}}?) on )?(?P<host>\S{{1,120}}) is {_STATE}\s*!?$",
    re.IGNORECASE,
)
_NAGIOS_BODY: Final = re.compile(
    r"\*{3,} (?:nagios|icinga|centreon|naemon|shinken|monitoring)|^notification type\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_NAGIOS_STEMS: Final = ("*** ", "notification type")


def _nagios(fields: Fields, subject: str, body: str) -> str:
    if found := _ICINGA2.match(subject):
        service = found["service"]
        return f"{found['host']}/{service}" if service else found["host"]
    found = _ALERT_WORDS.match(subject)
    opening = body[:_MAX_OPENING]
    told = may_hold(opening, _NAGIOS_STEMS) and _NAGIOS_BODY.search(opening) is not None
    if found is None and (told or subject.startswith("**")):
        found = _NAGIOS_ALERT.match(subject)
    if found:
        what = found["what"].strip()
        host, _, service = what.partition("/") if "/" in what else what.partition(" - ")
        return f"{host.strip()}/{service.strip()}" if service.strip() else host.strip()
    if told:
        host, service = _line(body, "host(?: ?name)?", "host alias"), _line(body, "service(?: ?name)?")
        return f"{host}/{service}" if host and service else host
    return ""


_ZABBIX: Final = re.compile(
    r"(?:problem|resolved(?: in [\w .]{1,40})?|ok|updated problem(?: in [\w .]{1,40})?|recovery)\s*:\s*(?P<name>\S.{0,300})$",
    re.IGNORECASE,
)
_ZABBIX_BODY: Final = re.compile(
    r"^\s*(?:original problem id|problem name|trigger(?: status| severity)?|original event id|problem started at|problem has been resolved at|event id)\b.{0,20}[:\s]",
    re.IGNORECASE | re.MULTILINE,
)


def _zabbix(fields: Fields, subject: str, body: str) -> str:
    found = _ZABBIX.match(subject)
    if found is None or not (_ZABBIX_BODY.search(body) or "zabbix" in _sender(fields)):
        return ""
    name = _line(body, "problem name", "trigger(?: name)?") or found["name"]
    host = _line(body, "host(?: ?name)?")
    return f"{host}/{name}" if host else name


_ALERTMANAGER: Final = re.compile(
    r"\[(?:firing|resolved)(?::\d{1,6})?\]\s*(?P<name>[^(]{1,200}?)\s*(?:\(.{0,300})?$", re.IGNORECASE
)


def _alertmanager(fields: Fields, subject: str, body: str) -> str:
    """The labels the alerts are grouped by; those in brackets are common to the alerts of the moment, and change."""
    found = _ALERTMANAGER.match(subject)
    return found["name"] if found else ""


_GRAFANA: Final = re.compile(
    r"\[(?:alerting|ok|no data|nodata|pending|paused|unknown)\]\s*(?P<name>\S.{0,200})$", re.IGNORECASE
)
_PRTG: Final = re.compile(
    r"\[(?P<site>[^\]]{0,80})\]\s*(?P<what>\S.{0,200}?)\s+(?:is\s+)?(?:down(?: \(acknowledged\)| \(partial\))?|up|warning|unusual|paused|unknown|escalation|ended|error|ok)\b\s*(?:ended|escalation)?\s*(?:\(.{0,200}\)?)?\s*$",
    re.IGNORECASE,
)
_CHECKMK: Final = re.compile(
    rf"check[_ ]?mk\s*:\s*(?P<what>\S.{{0,200}}?)\s+(?:{_STATE}\s*-+>\s*{_STATE}|{_NOTICE}(?:\s*\(.{{0,80}}\))?|{_STATE})\s*$",
    re.IGNORECASE,
)
_UPTIME: Final = re.compile(
    r"(?:(?:monitor is|website is|site is)\s*(?:down|up)\s*[:-]\s*(?P<a>\S.{0,200})|(?:down|up) alert\s*:\s*(?P<b>\S.{0,200}?)\s*(?:\(.{0,80}\)\s*)?is (?:down|up)|\[\W{0,4}(?:down|up)\]\s*(?P<c>\S.{0,200}?)\s*(?:\[.{0,80}\])?)$",
    re.IGNORECASE,
)
_CLOUDWATCH: Final = re.compile(
    r"(?:alarm|ok|insufficient[ _]data)\s*:\s*\"(?P<name>[^\"]{1,200})\"\s*(?:in|-)\s*(?P<region>.{1,80})$",
    re.IGNORECASE,
)
_DATADOG: Final = re.compile(
    r"\[(?:monitor alert)\]\s*(?:re-?)?(?:triggered|recovered|warn(?:ing)?|no data|resolved)(?:\s*\[[^\]]{0,20}\])?\s*[:-]\s*(?P<a>\S.{0,200})$|\[(?:re-?)?(?:triggered|recovered|warn|no data)(?: on \{(?P<scope>[^}]{0,120})\})?\]\s*(?P<b>\S.{0,200})$",
    re.IGNORECASE,
)
_MONIT: Final = re.compile(
    r"monit (?:alert|notice)\s*--\s*(?P<event>.{0,80}?)\s+(?P<service>\S{1,80})$", re.IGNORECASE
)
_CRON: Final = re.compile(
    r"(?:cron|anacron)\s*<(?P<who>[^<>\s]{1,120})>\s*(?P<command>\S.{0,300})$", re.IGNORECASE
)
_MDADM: Final = re.compile(
    r"(?:\w{3,20} event on (?P<a>/dev/\S{1,60})|smart (?:error|failure|usage).{0,60}on host:?\s*(?P<b>\S{1,80}))(?P<rest>.{0,80})$",
    re.IGNORECASE,
)
_LOGWATCH: Final = re.compile(
    r"(?:logwatch for|logcheck:?|aide report for|rkhunter.{0,20}on|apticron report for|munin ::)\s+(?P<host>[\w.-]{1,120})",
    re.IGNORECASE,
)
_BACKUP: Final = re.compile(
    r"\[(?:success|warning|failed|error)\]\s*(?P<name>\S.{0,160}?)\s*(?:\(\d.{0,40}\).{0,80})?$",
    re.IGNORECASE,
)
_SENSU: Final = re.compile(
    r"(?:alert|resolve[d]?|create|passing|failing)\s*-\s*(?P<what>[\w.-]{1,80}/[\w.-]{1,80})\b", re.IGNORECASE
)
_AUTOMATIC: Final = re.compile(
    r"nagios|icinga|zabbix|alertmanager|prometheus|grafana|prtg|check_?mk|uptime|pingdom|statuscake|monit\b|cloudwatch|amazonaws|datadog|veeam|backup|sensu|centreon|librenms|opennms|solarwinds|monitor|alert|noreply|no-reply|root@|munin|netdata|site24x7|observium|synology|qnap|proxmox|acronis",
    re.IGNORECASE,
)


def _sender(fields: Fields) -> str:
    return " ".join(
        text_of(fields, name, 200) for name in ("from", "sender", "x-mailer", "user-agent")
    ).lower()


def _by_machine(fields: Fields) -> bool:
    submitted = text_of(fields, "auto-submitted", 40).lower()
    return submitted.startswith("auto-gen") or bool(_AUTOMATIC.search(_sender(fields)))


def _of_machine(pattern: re.Pattern[str], *names: str) -> Callable[[Fields, str, str], str]:
    """A reader of subjects that people might write too: counted only where a machine sent the mail."""

    def read(fields: Fields, subject: str, body: str) -> str:
        found = pattern.match(subject)
        if found is None or not _by_machine(fields):
            return ""
        return "/".join(part.strip() for name in names if (part := found[name]))

    return read


def _prtg(fields: Fields, subject: str, body: str) -> str:
    found = _PRTG.match(subject)
    if found is None or not ("prtg" in found["site"].lower() or "prtg" in _sender(fields)):
        return ""
    return found["what"]


def _monit(fields: Fields, subject: str, body: str) -> str:
    found = _MONIT.match(subject)
    if found is None:
        return ""
    host = _line(body, "host")
    return f"{host}/{found['service']}" if host else found["service"]


_SYSTEMS: Final[tuple[tuple[str, Callable[[Fields, str, str], str]], ...]] = (
    ("nagios", _nagios),
    ("zabbix", _zabbix),
    ("alertmanager", _alertmanager),
    ("prtg", _prtg),
    ("monit", _monit),
    ("checkmk", _of_machine(_CHECKMK, "what")),
    ("grafana", _of_machine(_GRAFANA, "name")),
    ("uptime", _of_machine(_UPTIME, "a", "b", "c")),
    ("cloudwatch", _of_machine(_CLOUDWATCH, "region", "name")),
    ("datadog", _of_machine(_DATADOG, "a", "b", "scope")),
    ("sensu", _of_machine(_SENSU, "what")),
    ("cron", _of_machine(_CRON, "who", "command")),
    ("disk", _of_machine(_MDADM, "a", "b", "rest")),
    ("log", _of_machine(_LOGWATCH, "host")),
    ("backup", _of_machine(_BACKUP, "name")),
)
