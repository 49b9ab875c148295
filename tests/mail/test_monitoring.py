"""Monitoring mails: a problem, its repetition and its recovery have one key; people's mail has none."""

from __future__ import annotations

import pytest

from tui_desk.mail.parse import parse


def key(subject: str, body: str = "x", *headers: str, sender: str = "monitor@ops.example.org") -> str | None:
    lines = (f"From: {sender}", f"Subject: {subject}", *headers)
    return parse(("\n".join(lines) + "\n\n" + body).encode()).monitoring_key


ZABBIX = "Problem started at 10:00:00 on 2026.10.19\nProblem name: Disk full\nHost: web1\nSeverity: High\nOriginal problem ID: 4711\n"
NAGIOS = "***** Nagios *****\n\nNotification Type: PROBLEM\n\nService: HTTP\nHost: web1\nState: CRITICAL\n"


@pytest.mark.parametrize(
    ("mails", "expected"),
    [
        ([("** PROBLEM Service Alert: web1/HTTP is CRITICAL **", ""), ("** RECOVERY Service Alert: web1/HTTP is OK **", ""), ("** ACKNOWLEDGEMENT Service Alert: web1/HTTP is CRITICAL **", "")], "nagios:web1/http"),
        ([("** PROBLEM Host Alert: web1 is DOWN **", ""), ("** RECOVERY Host Alert: web1 is UP **", "")], "nagios:web1"),
        ([("[PROBLEM] HTTP on web1 is CRITICAL!", ""), ("[RECOVERY] HTTP on web1 is OK!", "")], "nagios:web1/http"),
        ([("[PROBLEM] web1 is DOWN!", ""), ("[RECOVERY] web1 is UP!", "")], "nagios:web1"),
        ([("PROBLEM - web1 - HTTP is CRITICAL", NAGIOS), ("RECOVERY - web1 - HTTP is OK", NAGIOS)], "nagios:web1/http"),
        ([("Alert on web1", NAGIOS)], "nagios:web1/http"),
        ([("Problem: Disk full", ZABBIX), ("Resolved in 5m 3s: Disk full", ZABBIX), ("Resolved: Disk full", ZABBIX), ("Updated problem in 3m: Disk full", ZABBIX)], "zabbix:web1/disk full"),
        ([("PROBLEM: Zabbix agent on web1 is unreachable", "Trigger: Zabbix agent on web1 is unreachable\nTrigger status: PROBLEM\n"), ("OK: Zabbix agent on web1 is unreachable", "Trigger: Zabbix agent on web1 is unreachable\nTrigger status: OK\n")], "zabbix:zabbix agent on web1 is unreachable"),
        ([("[FIRING:1] HighCPU web (node1 warning)", ""), ("[FIRING:3] HighCPU web (warning)", ""), ("[RESOLVED] HighCPU web (node1 warning)", "")], "alertmanager:highcpu web"),
        ([("[Alerting] Load of web1", ""), ("[OK] Load of web1", "")], "grafana:load of web1"),
        ([("[PRTG Network Monitor] web1 Ping Down (Request timed out)", ""), ("[PRTG Network Monitor] web1 Ping Up (OK)", "")], "prtg:web1 ping"),
        ([("Check_MK: web1/CPU load OK -> CRIT", ""), ("Check_MK: web1/CPU load CRIT -> OK", "")], "checkmk:web1/cpu load"),
        ([("Monitor is DOWN: Shop", ""), ("Monitor is UP: Shop", "")], "uptime:shop"),
        ([("[🔴 Down] Shop", ""), ("[✅ Up] Shop", "")], "uptime:shop"),
        ([("DOWN alert: Shop (shop.example.org) is DOWN", ""), ("UP alert: Shop (shop.example.org) is UP", "")], "uptime:shop"),
        ([('ALARM: "CPU high" in EU (Ireland)', ""), ('OK: "CPU high" in EU (Ireland)', "")], "cloudwatch:eu (ireland)/cpu high"),
        ([("[Triggered] Disk on web1", ""), ("[Recovered] Disk on web1", "")], "datadog:disk on web1"),
        ([("[Monitor Alert] Triggered: Disk on web1", ""), ("[Monitor Alert] Recovered: Disk on web1", "")], "datadog:disk on web1"),
        ([("monit alert --  Does not exist nginx", "Host: web1\n"), ("monit alert --  Exists nginx", "Host: web1\n")], "monit:web1/nginx"),
        ([("Cron <root@web1> /usr/bin/backup --all", "")], "cron:root@web1//usr/bin/backup --all"),
        ([("DegradedArray event on /dev/md0:web1", ""), ("RebuildFinished event on /dev/md0:web1", "")], "disk:/dev/md0:web1"),
        ([("[Success] Backup Job Daily", ""), ("[Failed] Backup Job Daily", "")], "backup:backup job daily"),
    ],
)  # fmt: skip
def test_a_problem_and_its_recovery_have_one_key(mails: list[tuple[str, str]], expected: str) -> None:
    assert {key(subject, body or "x") for subject, body in mails} == {expected}


@pytest.mark.parametrize(
    "subject",
    [
        "Problem: my printer does not print",
        "PROBLEM: cannot log in",
        "OK: thanks, it works now",
        "Resolved: my question about invoices",
        "Re: ** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
        "Fwd: [FIRING:1] HighCPU (node1)",
        "AW: [PROBLEM] HTTP on web1 is CRITICAL!",
        "[Urgent] server is down",
        "Server down",
        "The site is up again",
        "[Alerting] you about my holiday",
        "Web shop is DOWN",
        "Alarm: \"strange noise\" in room 5",
        "Up or down?",
        "",
    ],
)  # fmt: skip
def test_what_people_write_has_no_key(subject: str) -> None:
    assert key(subject, "Hello,\nplease help.\n", sender="Ana <ana@example.org>") is None


def test_hosts_and_services_stay_apart() -> None:
    assert key("[PROBLEM] HTTP on web1 is CRITICAL!") != key("[PROBLEM] HTTP on web2 is CRITICAL!")
    assert key("[PROBLEM] HTTP on web1 is CRITICAL!") != key("[PROBLEM] SSH on web1 is CRITICAL!")


def test_a_key_is_short_and_on_one_line() -> None:
    found = key("[PROBLEM] " + "x" * 100 + "\t" + " on web1 is CRITICAL!")
    assert found is not None
    assert found.isprintable()
    assert len(found) <= 200
