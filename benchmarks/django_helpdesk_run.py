"""Runs inside the throw-away environment of ``benchmarks.intake``: one ``get_email`` of django-helpdesk on SQLite, timed."""

from __future__ import annotations

import json
import os
import resource
import sys
import types
import warnings
from pathlib import Path


def main() -> None:
    """Arguments: a folder to work in, and the mailbox as JSON. Prints the figures as JSON."""
    warnings.simplefilter("ignore")
    home, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    from django.conf import settings

    settings.configure(
        SECRET_KEY="benchmark",
        DEBUG=False,
        USE_TZ=True,
        SITE_ID=1,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "helpdesk.db")}},
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        MEDIA_ROOT=str(home / "media"),
        STATIC_URL="/static/",
        ROOT_URLCONF="benchmark_urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.humanize",
            "django.contrib.messages",
            "django.contrib.admin",
            "rest_framework",
            "helpdesk",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
        ],
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    import django

    django.setup()
    from django.contrib import admin
    from django.urls import include, path

    urls = types.ModuleType("benchmark_urls")
    vars(urls)["urlpatterns"] = [
        path("admin/", admin.site.urls),
        path("", include("helpdesk.urls", namespace="helpdesk")),
    ]
    sys.modules["benchmark_urls"] = urls
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from helpdesk.models import Queue, Ticket

    Queue.objects.create(
        title="Support",
        slug="support",
        email_address=options["user"],
        allow_email_submission=True,
        email_box_type="imap",
        email_box_host=options["host"],
        email_box_port=options["port"],
        email_box_user=options["user"],
        email_box_pass=options["password"],
        email_box_imap_folder="INBOX",
        email_box_interval=0,
        logging_type="none",
    )
    begun = resource.getrusage(resource.RUSAGE_SELF)
    error = ""
    try:
        call_command("get_email", verbosity=0)
    except Exception as stopped:  # noqa: BLE001 - a mail that stops it is a result
        error = f"{type(stopped).__name__}: {stopped}"[:200]
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - begun.ru_utime - begun.ru_stime
    from helpdesk.models import FollowUp

    done = {
        "mails": FollowUp.objects.count(),
        "cpu": cpu,
        "tickets": Ticket.objects.count(),
        "stopped": bool(error),
    }
    print(json.dumps(done))
    if error:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
