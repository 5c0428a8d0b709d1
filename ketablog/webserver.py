"""The settings of gunicorn, which looks here for each by its name: `gunicorn -c python:ketablog.webserver`."""

import gc
import os

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from ketablog.logs import PrivateFormatter
from ketablog.serving import bracketed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")

wsgi_app = "ketablog.wsgi"
bind = f"{bracketed(settings.HOST)}:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_WORKERS
threads = 4
# Loaded once and then forked, the workers start faster and share memory.
preload_app = True
timeout = 60
graceful_timeout = 20
limit_request_line = 4094
# Whether a request came by https is for Django to say, which knows how many proxies to trust.
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True

loglevel = "warning"
accesslog = "-"
# The route a request was matched with, never its address: that can hold a token or what somebody searched for.
access_log_format = "%(t)s %(m)s %({ketablog.route}e)s %(s)s %(B)s %(M)sms"


class PrivateLogger(Logger):
    """Says that a request was refused or failed, not whose it was or what it asked for."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PrivateFormatter())

    def warning(self, msg: str, *args, **kwargs) -> None:
        super().warning(msg.partition(" from ip=")[0], *args, **kwargs)

    def exception(self, msg: object, *args, **kwargs) -> None:
        what = msg.partition(" %s")[0] if isinstance(msg, str) else type(msg).__name__
        super().exception(what, **kwargs)


logger_class = PrivateLogger


def when_ready(server: Arbiter) -> None:
    """No reader waits for what is read at the start, and all processes share it: the collector would copy it."""
    for path in settings.READ_AT_START:
        import_string(path)()
    gc.collect()
    gc.freeze()
    print(f"{settings.SITE_URL}/ is up.", flush=True)  # noqa: T201 (for whoever started it)


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """A database connection must not be shared by two processes."""
    connections.close_all()
