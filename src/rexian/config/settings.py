# SPDX-License-Identifier: Apache-2.0
"""Settings, read from the environment once; docs/reference/settings.md lists each one.

Without any variable set this is the trial mode of `make run`: embedded PostgreSQL, keys made on first use in `var/`, loopback only.
`REXIAN_MODE=production` demands its secrets and turns on everything that `check --deploy` asks for.
"""

import os
from pathlib import Path

from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from rexian.config import postgres, secrets

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("REXIAN_VAR", PACKAGE.parent.parent / "var")).absolute()

PRODUCTION = os.environ.get("REXIAN_MODE", "trial") == "production"
DEBUG = False
SECRETS = secrets.load(VAR, production=PRODUCTION)
SECRET_KEY = SECRETS.session_key
ALLOWED_HOSTS = os.environ.get("REXIAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
if PRODUCTION and "REXIAN_HOSTS" not in os.environ:
    raise ImproperlyConfigured("REXIAN_HOSTS: name the hosts that serve this hotline, divided by commas.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "leaflet",
    "procrastinate.contrib.django",
    "rexian.security",
    "rexian.jobs",
    "rexian.directory",
    "rexian.orders",
    "rexian.knowledge",
    "rexian.intake",
    "rexian.analytics",
    "rexian.warning",
    "rexian.assessment.evidence",
    "rexian.assessment",
    "rexian.notices",
    "rexian.simulation",
    "rexian.web",
    "rexian.api",
]

PROXIES = frozenset(filter(None, os.environ.get("REXIAN_PROXIES", "").split(",")))
"""Addresses of our own reverse proxies, whose X-Forwarded-For is believed."""

MIDDLEWARE = [
    "rexian.web.middleware.RealAddress",
    "rexian.web.operations.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rexian.web.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rexian.web.middleware.WhoActs",
    "rexian.security.access.DenyByDefault",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rexian.config.urls"
WSGI_APPLICATION = "rexian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "rexian.web.context.page",
            ],
        },
    },
]

FORM_RENDERER = "rexian.web.widgets.Renderer"

DATABASES = {"default": postgres.django_database(os.environ.get("DATABASE_URL"), VAR)}

LOGIN_URL = "account:sign_in"
AUTH_USER_MODEL = "security.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SECOND_FACTOR_POSTS = frozenset(filter(None, os.environ.get("REXIAN_SECOND_FACTOR", "").split(",")))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "rexian.web.account.views.locked_out"

EMAIL_HOST = os.environ.get("REXIAN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("REXIAN_SMTP_PORT", "465"))
EMAIL_HOST_USER = os.environ.get("REXIAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("REXIAN_SMTP_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("REXIAN_SMTP_FROM", EMAIL_HOST_USER)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

PROCRASTINATE_ON_APP_READY = "rexian.jobs.worker.install"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 8 * 24 * 3600}
"""Seconds for which a worker makes up, once, for the last turn of a periodic task that no worker took."""

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = Path(os.environ.get("REXIAN_ATTACHMENTS", VAR / "attachments")).absolute()
ARCHIVE = Path(os.environ.get("REXIAN_ARCHIVE", VAR / "archive")).absolute()
DATA_FOLDERS = {"attachments": MEDIA_ROOT, "archive": ARCHIVE}
"""Folders of data outside the database, by the name under which a backup keeps them."""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

NOTICES_PORT = int(os.environ.get("REXIAN_NOTICES_PORT") or int(os.environ.get("REXIAN_PORT", "8345")) + 1)
"""Where the stream of notices listens; 0 for none."""
STREAM_URL = os.environ.get(
    "REXIAN_NOTICES_URL",
    "/notices/stream/" if PRODUCTION else f"http://{{host}}:{NOTICES_PORT}/notices/stream/" if NOTICES_PORT else "",
)
"""Where pages hear what needs their reader: below the pages' own origin behind a proxy; while trying, a port of its own. Empty: they ask."""
_STREAM_ORIGINS = [
    STREAM_URL.replace("{host}", host).partition("/notices/")[0] for host in ALLOWED_HOSTS if "[" not in host
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF, *filter(None, _STREAM_ORIGINS)],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}
METRICS = VAR / "metrics"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS)  # prometheus_client reads it when it is imported

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
"""A monitor on this machine asks without the proxy, so without TLS."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "rexian.config.operations.logs.Context"}},
    "formatters": {
        "line": {"()": "rexian.config.operations.logs.Line"},
        "json": {"()": "rexian.config.operations.logs.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "line",
            "filters": ["context"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"rexian": {"level": "INFO" if PRODUCTION else "WARNING"}},
}
