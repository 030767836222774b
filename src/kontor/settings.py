"""Settings of the site; every value that differs between installations comes from a KONTOR_* variable."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "0") in {"1", "true", "yes"}


# Where everything lives that is not code: database, stored files, mails, secret.
DATA_DIR = Path(os.environ.get("KONTOR_DATA_DIR", "var")).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # personal data: nobody else's business
TEST_MODE = _flag("KONTOR_TEST")
"""Allows the test clock; never set where real people use the site."""
DEMO = _flag("KONTOR_DEMO")
"""Shows sign-ins of the sample event; `kontor demo` sets it."""
DEBUG = _flag("KONTOR_DEBUG")


def _secret_key() -> str:
    """The secret from KONTOR_SECRET_KEY, or one made at the first start and kept beside the data."""
    if value := os.environ.get("KONTOR_SECRET_KEY"):
        if len(value) < 32:
            raise ImproperlyConfigured(
                f"KONTOR_SECRET_KEY must have at least 32 characters, got {len(value)}."
            )
        return value
    file = DATA_DIR / "secret-key"
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        draft = DATA_DIR / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(draft, file)  # only one of several processes that start together wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()

# The address under which people reach the site; links in mails are built from it alone.
ORIGIN = os.environ.get("KONTOR_ORIGIN", "http://localhost:8000").rstrip("/")
_origin = urlsplit(ORIGIN)
if _origin.scheme not in {"http", "https"} or not _origin.hostname or _origin.path:
    raise ImproperlyConfigured(f"KONTOR_ORIGIN must look like https://kontor.example.org, got {ORIGIN!r}.")
IS_SECURE = _origin.scheme == "https"
_is_local = _origin.hostname in {"localhost", "127.0.0.1", "[::1]"}
if not IS_SECURE and not _is_local:
    raise ImproperlyConfigured(
        f"KONTOR_ORIGIN must begin with https:// unless it is this machine, got {ORIGIN!r}."
    )
if DEMO and not _is_local:
    raise ImproperlyConfigured("KONTOR_DEMO is refused for a site that other machines reach.")
if TEST_MODE and not _is_local:
    raise ImproperlyConfigured("KONTOR_TEST is refused for a site that other machines reach.")
ALLOWED_HOSTS = [_origin.hostname, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_ENGINE = "kontor.accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_SSL_REDIRECT = False  # the proxy in front redirects
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _flag("KONTOR_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "kontor.ui",
    "kontor.i18n",
    "kontor.audit",
    "kontor.jobs",
    "kontor.accounts",
    "kontor.topics",
    "kontor.search",
    "kontor.directory",
    "kontor.events",
    "kontor.figures",
    "kontor.agreements",
    "kontor.matching",
    "kontor.meetings",
    "kontor.news",
    "kontor.demo",
    "kontor.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # templates of allauth.mfa
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kontor.ui.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kontor.accounts.middleware.PrivatePages",
]

ROOT_URLCONF = "kontor.urls"
WSGI_APPLICATION = "kontor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kontor.portal.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS += ["django.forms"]


CONNECTION_AGE_S = 60
"""Opening a database costs more than most pages, SQLite's as well: its files, its functions and three PRAGMAs."""


def _database(url: str) -> dict[str, object]:
    """Settings of one database from its address: sqlite:///path or postgresql://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] or ":memory:",
            "CONN_MAX_AGE": CONNECTION_AGE_S,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL, not NORMAL: an acknowledged write survives a loss of power.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": CONNECTION_AGE_S,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"KONTOR_DATABASE_URL must begin with sqlite:/// or postgresql://, got {url!r}."
    )


DATABASES = {
    "default": _database(os.environ.get("KONTOR_DATABASE_URL", f"sqlite:///{DATA_DIR / 'kontor.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kontor.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "kontor.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever opens a link that we mailed has shown the address to be theirs
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an unknown address gets no mail, and the page says the same
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"reset_password": "kontor.accounts.forms.PasswordResetForm"}
MFA_ADAPTER = "kontor.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are written by organisers and proved by the links we mail
MFA_TOTP_ISSUER = "Kontor"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _is_local

LANGUAGE_CODE = "en"
LANGUAGES = [("de", "Deutsch"), ("en", "English"), ("zh-hans", "中文")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("KONTOR_STATIC_DIR", DATA_DIR / "static"))
MEDIA_ROOT = DATA_DIR / "files"
# Until `make setup` has collected them, static files come straight from the packages, without hashed names.
_is_collected = _flag("KONTOR_COLLECTING") or (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _is_collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "kontor.ui.storage.StaticFiles"
        if _is_collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Mails go to a folder unless a server is named: smtp://user:password@host:587 or smtps://…:465
MAIL_DIR = Path(os.environ.get("KONTOR_MAIL_DIR", DATA_DIR / "mails"))
SMTP_URL = os.environ.get("KONTOR_SMTP_URL", "")
if SMTP_URL:
    _smtp = urlsplit(SMTP_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "localhost", _smtp.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp.scheme == "smtps", _smtp.scheme == "smtp" and bool(_smtp.username)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "kontor.jobs.mailbox.FolderBackend"
# Machine translation is off unless the operator names a service of their own that speaks the interface of LibreTranslate.
TRANSLATOR_URL = os.environ.get("KONTOR_TRANSLATOR_URL", "").rstrip("/")
TRANSLATOR_KEY = os.environ.get("KONTOR_TRANSLATOR_KEY", "")
_translator = urlsplit(TRANSLATOR_URL)
if TRANSLATOR_URL and (_translator.scheme not in {"http", "https"} or not _translator.hostname):
    raise ImproperlyConfigured(
        f"KONTOR_TRANSLATOR_URL must look like http://127.0.0.1:5000, got {TRANSLATOR_URL!r}."
    )
# Nothing else is ever asked for anything by `kontor.jobs.outgoing`.
OUTGOING_ORIGINS = (
    frozenset({f"{_translator.scheme}://{_translator.netloc}".casefold()}) if TRANSLATOR_URL else frozenset()
)
DEFAULT_FROM_EMAIL = os.environ.get("KONTOR_MAIL_FROM", "Kontor <kontor@example.org>")
TEST_CLOCK = os.environ.get("KONTOR_TEST_CLOCK", "")
if TEST_CLOCK and not TEST_MODE:
    raise ImproperlyConfigured(
        "KONTOR_TEST_CLOCK needs KONTOR_TEST=1, which is refused for a site that others reach."
    )

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kontor": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
