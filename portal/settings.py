"""One settings file, fed by the environment and safe where the environment is silent.

| variable              | meaning                                                              |
|-----------------------|----------------------------------------------------------------------|
| DATABASE_URL          | PostgreSQL; unset: the embedded server of `make run`                 |
| REDIS_URL             | Valkey or Redis; unset: the embedded one                             |
| GUICHET_SECRET_KEY    | Django's secret key; required as soon as DATABASE_URL is set         |
| GUICHET_FIELD_KEYS    | keys of encrypted fields, newest first, comma-separated (Fernet)     |
| GUICHET_LOOKUP_KEY    | key of the hashes that make encrypted values findable                |
| GUICHET_AUDIT_KEYS    | keys that mark the seals of the trail, newest first, comma-separated |
| GUICHET_DEBUG         | 1 for Django's debug pages; never on a server others can reach       |
| GUICHET_HTTPS         | 0 only for plain http on localhost; default 1                        |
| GUICHET_ALLOWED_HOSTS | comma-separated host names                                           |
| GUICHET_BASE_URL      | where links in messages lead                                         |
| GUICHET_PROXIES       | how many trusted proxies stand before the site; default 0            |
| GUICHET_STATIC_ROOT   | where collected static files lie; default staticfiles/               |
| GUICHET_MAIL_DIR      | a folder: outgoing mail is kept there and browsable, not sent        |
| GUICHET_MAIL_URL      | smtp://user:password@host:port, smtps:// or smtp+starttls://         |
| GUICHET_MAIL_FROM     | sender of every message                                              |
| GUICHET_SMS_URL       | https://:key@host/path of a text message provider; unset: no texts   |
| GUICHET_SMS_FROM      | sender of text messages, eleven signs at most; default Guichet       |
| GUICHET_BOUNCES_IMAP_URL | imaps://user:password@host/folder of mail that came back          |
| GUICHET_MAILBOX_PASSWORD | of the mailbox that `read_mailbox --imap` reads                   |
| GUICHET_FILES_DIR     | where uploads rest sealed; default files/ in the state folder        |
| GUICHET_FILES_S3_URL  | https://key:secret@host/bucket?region=…: uploads rest there instead  |
| CLAMD_URL             | virus scanner, tcp://host:port or unix:///path; unset: no scanning   |
| GUICHET_PURGE_CAP_ROWS  | rows of a kind that a run of the purge may remove; default 10000   |
| GUICHET_PURGE_CAP_SHARE | share of a kind that it may remove; default 0.25                   |
| GUICHET_PAYMENT_PROVIDER | class of a payment provider; unset: none, embedded: the trial page |
| GUICHET_PAYMENT_ORIGIN  | https://host of the provider's page, for the browser's policy      |
| GUICHET_STORE_PREFIX  | of all keys in Valkey, where several sites share one; default guichet |
| GUICHET_STATE         | folder of the embedded servers and their files; default .guichet/    |
| GUICHET_TEST          | 1 in the test suite: cheap password hashing                          |
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pghistory
from django.core.exceptions import ImproperlyConfigured
from kombu.entity import Queue
from psycopg.conninfo import conninfo_to_dict
from whitenoise.compress import Compressor

from portal.devserver.addresses import embedded_addresses, embedded_secret, state_folder
from portal.schedule import BEAT

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0") == "1"


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def _secret(name: str) -> str:
    """Take a secret from the environment; make one up only for the embedded servers."""
    if name in os.environ:
        return os.environ[name]
    if "DATABASE_URL" in os.environ:
        raise ImproperlyConfigured(f"{name} must be set where DATABASE_URL is set")
    return embedded_secret(name)


# --- What is on -------------------------------------------------------------------------------

DEBUG = _flag("GUICHET_DEBUG", False)
HTTPS = _flag("GUICHET_HTTPS", True)
TESTING = _flag("GUICHET_TEST", False)
EMBEDDED = "DATABASE_URL" not in os.environ
SECRET_KEY = _secret("GUICHET_SECRET_KEY")
FIELD_KEYS = [key.strip() for key in _secret("GUICHET_FIELD_KEYS").split(",") if key.strip()]
LOOKUP_KEY = _secret("GUICHET_LOOKUP_KEY")
AUDIT_KEYS = [key.strip() for key in _secret("GUICHET_AUDIT_KEYS").split(",") if key.strip()]
ALLOWED_HOSTS = _list("GUICHET_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "")
BASE_URL = os.environ.get("GUICHET_BASE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = int(os.environ.get("GUICHET_PROXIES", "0"))

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.missions",
    "portal.accounts",
    "portal.outbox",
    "portal.audit",
    "portal.uploads",
    "portal.data_rights",
    "portal.devserver",
    "portal.help",
    "portal.paper",
    "applications",
    "appointments",
    "complaints",
    "portal.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "portal.apps.PublicFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Pages cost a slow line more than a core; Django pads them against length attacks (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.audit.middleware.ActorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
# Called once by portal.wsgi: gunicorn with --preload shares what they load among its workers.
LOADED_BEFORE_FORKING = ["complaints.language_detector.load"]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "portal.templatetags.ui"],
        },
    }
]

# --- Where things are kept ----------------------------------------------------------------------

_embedded = embedded_addresses()
DATABASE_URL = os.environ.get("DATABASE_URL") or _embedded.database_url
REDIS_URL = os.environ.get("REDIS_URL") or _embedded.redis_url


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "PORT": str(parts.pop("port", "")),
        # Persistent connections: measured five times faster than one per request.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
    for source, target in named.items():
        settings[target] = parts.pop(source, "")
    settings["OPTIONS"] = dict(parts)
    return settings


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The test suite's parallel workers share one Valkey; each takes a prefix of its own.
STORE_PREFIX = os.environ.get("GUICHET_STORE_PREFIX", "guichet")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": STORE_PREFIX,
    },
    # Parts of pages that are the same for everybody, in the process itself ({% cache %}).
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
MESSAGE_STORAGE = "portal.message_cookie.Storage"

# Uploads rest sealed (portal.uploads), so neither the folder nor the bucket sees what they hold.
FILES_DIR = Path(os.environ.get("GUICHET_FILES_DIR") or state_folder() / "files")


def _files_store(s3_url: str) -> dict[str, Any]:
    """Return the storage of uploads: the folder, or the bucket of an S3 address."""
    if not s3_url:
        options = {
            "location": FILES_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "portal.uploads.folder.SealedFolder", "OPTIONS": options}
    parts = urlsplit(s3_url)
    if not (parts.hostname and parts.path.strip("/")):
        raise ImproperlyConfigured("GUICHET_FILES_S3_URL must name a host and a bucket")
    options = {
        "endpoint_url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        "bucket_name": parts.path.strip("/"),
        "region_name": dict(parse_qsl(parts.query)).get("region", "us-east-1"),
        # Without a key in the address, the library's own sources are asked (roles, files).
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
    }
    return {"BACKEND": "portal.uploads.bucket.SealedBucket", "OPTIONS": options}


STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("GUICHET_STATIC_ROOT") or BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": _files_store(os.environ.get("GUICHET_FILES_S3_URL", "")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# Each test client would otherwise list every static file anew: a third of a second each.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0

# --- Languages and time -------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [
    ("fr", "Français"),
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
LANGUAGE_COOKIE_NAME = "guichet_language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Algiers"

# --- Who may come in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "applications:list"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "request_login_code": "portal.accounts.forms.RequestCodeForm",
    "login": "portal.accounts.forms.StaffLoginForm",
    "change_password": "portal.accounts.forms.StaffPasswordForm",
    "reauthenticate": "portal.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    # A café or a mobile carrier is one network for very many people, so networks have much room
    # and mailboxes little: 20 codes a day with 5 tries each make guessing hopeless.
    "request_login_code": "60/m/ip,600/h/ip,5/10m/key,20/d/key",
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "paper_reference": "60/m/ip,10/10m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Guichet"
MFA_TOTP_TOLERANCE = 1  # period: whoever types while the code changes is not sent away (RFC 6238)
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "portal.accounts.forms.ConfirmSecondFactorForm",
    "activate_totp": "portal.accounts.forms.SetUpAppForm",
    "add_webauthn": "portal.accounts.forms.AddKeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost only

# --- Who moves money (portal.payments) -----------------------------------------------------------

PAYMENT_PROVIDER = os.environ.get(
    "GUICHET_PAYMENT_PROVIDER",
    "portal.payments.trial.TrialProvider" if EMBEDDED or TESTING else "",
)
# A form that leads on to the provider's page is sent to another origin.
PAYMENT_ORIGIN = os.environ.get("GUICHET_PAYMENT_ORIGIN", "")

# --- What leaves and enters over HTTP -----------------------------------------------------------

SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'", *([PAYMENT_ORIGIN] if PAYMENT_ORIGIN else [])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["portal.uploads.incoming.SealingUploadHandler"]
UPLOAD_MAX_BYTES = 20_000_000  # of one file
UPLOAD_MAX_PAGES = 50  # of one PDF
UPLOAD_MAX_PIXELS = 60_000_000  # of one picture, also inside a PDF
# Bytes of a whole request. A file between the two limits is read and named beside its field, with
# nothing else of the form lost; more than this is refused unread, on a page that says why.
UPLOAD_MAX_BODY = 100_000_000
CLAMD_URL = os.environ.get("CLAMD_URL", "")

# --- Messages and work in the background --------------------------------------------------------

MAIL_DIR = os.environ.get("GUICHET_MAIL_DIR", "")
DEFAULT_FROM_EMAIL = os.environ.get("GUICHET_MAIL_FROM", "Guichet <guichet@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_mail = urlsplit(os.environ.get("GUICHET_MAIL_URL", "smtp://localhost:25"))
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if MAIL_DIR
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = MAIL_DIR or None
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20  # seconds; a server that hangs must not hold a worker

SMS_URL = os.environ.get("GUICHET_SMS_URL", "")
SMS_FROM = os.environ.get("GUICHET_SMS_FROM", "Guichet")
SMS_TIMEOUT = 10  # seconds
# A development machine keeps texts beside its mail; without a provider none are written.
SMS_GATEWAY = ""
if SMS_URL:
    SMS_GATEWAY = "portal.outbox.gateways.http.HttpGateway"
elif MAIL_DIR:
    SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"

BOUNCES_IMAP_URL = os.environ.get("GUICHET_BOUNCES_IMAP_URL", "")
MAILBOX_PASSWORD = os.environ.get("GUICHET_MAILBOX_PASSWORD", "")

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above every task's time limit, so that no task is handed out twice while it runs.
    "visibility_timeout": 300,
    # With the defaults a task lost by kill -9 had not come back after 75 s; so, after 23 s.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "global_keyprefix": f"{STORE_PREFIX}:",
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # Workers look at the queues in the order below: codes before everything else.
    "queue_order_strategy": "priority",
}
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue(name) for name in ("urgent", "celery")]  # type: ignore[no-untyped-call]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = BEAT

# More rows of a kind than this, or a larger share of it, a run of the purge leaves to a person:
# a wrong clock must not empty the house (`manage.py purge --cap`).
PURGE_CAP_ROWS = int(os.environ.get("GUICHET_PURGE_CAP_ROWS", "10000"))
PURGE_CAP_SHARE = float(os.environ.get("GUICHET_PURGE_CAP_SHARE", "0.25"))

# --- Look, logs, and what the house checks of itself ---------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}

# Which app answers which module of a file of rule cases (`manage.py check_cases`).
RULE_CASE_ADAPTERS = {
    "passport": "applications.cases.passport.evaluate",
    "exemption": "applications.cases.exemption.evaluate",
    "competence": "applications.cases.competence.evaluate",
    "stay_90_180": "applications.cases.short_stay.evaluate",
    "stay_visa_limit": "applications.cases.visa_limit.evaluate",
    "hosting": "applications.cases.hosting.evaluate",
    "filing_window": "applications.cases.filing_window.evaluate",
    "decision": "applications.cases.decision.evaluate",
    "fee": "applications.cases.fee.evaluate",
    "biometrics": "applications.cases.biometrics.evaluate",
    "retention": "applications.cases.retention.evaluate",
    "appointment": "appointments.cases.duty.evaluate",
    "maintenance": "appointments.cases.maintenance.evaluate",
    "appeal": "applications.cases.appeal.evaluate",
}

# Where the public rule book is read from: tables of rows, and packages of rule functions.
RULE_TABLES = [
    "applications.rules.law.LAW",
    "applications.rules.memberships.MEMBERSHIPS",
    "applications.rules.checklist_table.ROWS",
    "appointments.rules.law.LAW",
    "complaints.rules.law.LAW",
]
HELP_DIR = BASE_DIR / "applications" / "help"  # topics.toml, and a folder per language
RULE_PACKAGES = [
    "applications.rules",
    "appointments.rules",
    "appointments.rules.moves",
    "complaints.rules",
]

# --- Audit --------------------------------------------------------------------------------------

# Reading changes nothing, so it opens no context and costs no query.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Who and which page lies in the history row itself: it goes when the row is purged or erased.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True
