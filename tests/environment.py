"""The environment of a test run, set before Django's settings read it: loaded by `-p` in pyproject.toml.

`DATABASE_URL` and `CACHE_URL` are taken from outside where set, so that the suite runs on
PostgreSQL and Redis as it does on SQLite.
"""

import atexit
import os
import shutil
import tempfile

data_dir = tempfile.mkdtemp(prefix="ketablog-tests-")
os.mkdir(os.path.join(data_dir, "static"))  # whitenoise warns of a folder that is not there
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)

os.environ.update(
    DATA_DIR=data_dir,
    DEBUG="on",  # Plain static files; pytest-django switches the setting itself off.
    SECRET_KEY="only-for-tests-" + "s" * 40,
    EMAIL_KEYS="t1:" + "only-for-tests-" * 3,
    SECRET_KEY_FALLBACKS="",
    SITE_URL="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    EMAIL_URL="consolemail://",
    TRUSTED_PROXIES="0",
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{data_dir}/ketablog.sqlite3")
os.environ.setdefault("CACHE_URL", "locmemcache://")
# Playwright's sync interface runs an event loop, beside which Django would refuse its own ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
