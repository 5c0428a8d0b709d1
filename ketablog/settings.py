"""The settings, all of them. What differs between machines comes from the environment (`env.py`)."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ketablog import env, serving
from ketablog.browser_policies import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY  # noqa: F401 (read by their names)

BASE_DIR = env.BASE_DIR
DATA_DIR = env.folder("DATA_DIR", "var")
env.add_file(DATA_DIR / "keys.env")

# Keys

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")
EMAIL_KEYS = env.keys("EMAIL_KEYS")

# Where it answers

DEBUG = env.flag("DEBUG", default=False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1, most=65535)
SITE_URL = env.site_url("SITE_URL", serving.local_url(HOST, PORT))
IS_HTTPS = SITE_URL.startswith("https:")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", f"{serving.bracketed(urlsplit(SITE_URL).hostname or '')},localhost,127.0.0.1,[::1]"
)
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would let anybody forge our own address.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies stand in front, each adding one address to X-Forwarded-For.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, least=0, most=9)
WEB_WORKERS = env.number("WEB_WORKERS", 1, least=1, most=64)

ROOT_URLCONF = "ketablog.urls"
WSGI_APPLICATION = "ketablog.wsgi.application"

INSTALLED_APPS = [
    "ketablog.apps.KetablogConfig",
    "posts.apps.PostsConfig",
    "comments.apps.CommentsConfig",
    "ketablog.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ketablog.middleware.response_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "ketablog.middleware.compress_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ketablog.middleware.site_of_request",
    "ketablog.middleware.refusals_in_words",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ketablog.middleware.no_cookie_unasked",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["ketablog.indentation.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ketablog.site.in_templates",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["ketablog/forms"]
CRISPY_TEMPLATE_PACK = "ketablog/forms"

# Database, cache, queue

DATABASES = {"default": env.service("DATABASE_URL", f"sqlite:///{DATA_DIR}/ketablog.sqlite3", "db")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # A file in tests too, so that they meet the same locks.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    # IMMEDIATE, or writers that began with a read fail under load (docs/decisions/0002-sqlite.md).
    # synchronous=FULL: who was told that a reply was taken must find it after a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; "
            "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA wal_autocheckpoint=4000; "
            "PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["ENGINE"] = "ketablog.postgresql"
    # A server that vanished is noticed within seconds, and not when the system gives up, hours later.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # Of each process; one thread uses one at most. Without a pool each thread keeps its own.
    if _most := env.number("DATABASE_POOL", 8, least=0, most=100):
        DATABASES["default"]["CONN_MAX_AGE"] = 0
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # Done in ketablog/postgresql/base.py.
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 0,
            "max_size": _most,
            "timeout": 2,
            "reconnect_timeout": 1,  # Who comes after an outage does not wait for a pool that waits longer and longer.
            "num_workers": 1,
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.service("CACHE_URL", "locmemcache://", "cache")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "ketablog.redis_cache.RedisCache"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# What the worker calls once a day.
DAILY = [
    "comments.retention.apply",
    "comments.classifier.counts.prune",
    "comments.notices.digest.send",
    "comments.staff_digest.send",
    "ketablog.traces.forget",
    "ketablog.planning.look_again",
]
# And four times an hour.
OFTEN = ["comments.alerts.watch_promise", "comments.alerts.watch_rules", "ketablog.counters.forget"]
LEDGERS = ["comments.ledger"]  # What keeps in mind, past the restoring of a backup, what readers had erased.
# What is large and never changes: each process of the web server reads it before it answers.
READ_AT_START = ["comments.rules.help.phrases.engine", "comments.classifier.model.shipped"]

# Pages stored for everybody (ketablog/pagecache): off to measure what it gains, or to look for a fault.

PAGE_CACHE = env.flag("PAGE_CACHE", default=True)
PAGES_DIR = DATA_DIR / "pages"
# When, after a given moment, time alone next changes what readers see.
CHANGED_BY_TIME = ["posts.publishing.next_turn"]
# What a cache between the site and its readers (a CDN) is told after each change; it may keep pages then.
CDN_PURGE_URL = env.web_address("CDN_PURGE_URL")
CDN_PURGE_HEADER = env.text("CDN_PURGE_HEADER", "")
CDN_PURGE_BODY = env.text("CDN_PURGE_BODY", '{"purge_everything": true}')

# Mail

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_email = env.service("EMAIL_URL", "consolemail://", "email")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"] or ""
EMAIL_PORT = _email["EMAIL_PORT"] or _PORTS.get(env.text("EMAIL_URL", "consolemail://").partition(":")[0], 25)
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"] or None
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = f"noreply@{urlsplit(SITE_URL).hostname}"

# Staff

AUTH_USER_MODEL = "ketablog.User"
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "ketablog.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "ketablog.clients.address"
AXES_VERBOSE = False

# Safety

SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ketablog.views.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Whether the clinic's other hosts are ready for https is for the clinic to say, not for us.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# The largest form is an article; uploads go to disk and have limits of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Language and time: the site's own, from Site settings; these are what holds before it is known.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_DIR", str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ketablog.bundles.BundleFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o644
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": env.bucket("MEDIA_STORAGE") or {"BACKEND": "ketablog.media.MediaFolder"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Logs: routes instead of addresses, and never what an exception says (ketablog/logs.py).

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "ketablog.logs.PrivateFormatter"}, "bare": {"format": "%(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "private"},
        "requests": {"class": "logging.StreamHandler", "formatter": "bare", "stream": "ext://sys.stdout"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # The development server repeats each address; django.request tells what failed without it.
        "django.server": {"level": "CRITICAL", "propagate": False},
        "django_tasks_db": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # axes logs the address and the user name of every failed sign-in; they are in the admin.
        "axes": {"level": "CRITICAL"},
        "ketablog": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Each try to connect, several a second while the database is away, with the address of the server.
        "psycopg": {"level": "CRITICAL"},
        "ketablog.requests": {"handlers": ["requests"], "propagate": False},
    },
}
