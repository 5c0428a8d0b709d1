"""What `make run` comes to: the site loaded once, and its web server and task worker forked from there.

So the two share the memory of what they both need, and it is loaded once. The process that loaded it watches over them.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from ketablog import serving, webserver


def main() -> int:
    """Serve until a signal comes or one of the processes ends; the exit status."""
    django.setup()
    from ketablog.management.commands import db_worker

    application = webserver.loaded()
    listening = serving.listen(settings.HOST, settings.PORT)
    web = serving.forked("ketablog-web", lambda: webserver.serve(application, listening, webserver.say_ready))
    worker = serving.forked("ketablog-worker", lambda: call_command(db_worker.Command(), "--no-startup-delay"))
    connections.close_all()  # A connection must not be shared by two processes.
    return serving.run_together(worker, *[web] * settings.WEB_WORKERS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")
    sys.exit(main())
