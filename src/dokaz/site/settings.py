"""Django's settings, read from one store: where its secret and its database are, and how strict the doors stand.

These environment variables decide; nothing else does:

* ``DOKAZ_STORE``: the directory of the store; ``./store`` if unset. Its file ``secret`` keys the sessions; without it
  a secret is made up that lasts until the process ends, so that a command that needs no session works before ``init``.
* ``DOKAZ_DATABASE``: ``postgresql://user:password@host:port/name`` or ``sqlite:///path``. Else ``[database] url`` in
  the store's ``dokaz.toml``; else ``dokaz.sqlite3`` inside the store. On SQLite sign-ins have a file of their own
  beside it.
* ``DOKAZ_HOSTS``: names, by comma, under which the pages may be asked for, besides this machine's own.
  ``DOKAZ_TLS=1`` says that a proxy in front speaks TLS: cookies then travel over TLS only.
* ``DOKAZ_PROXIES``: addresses or networks, by comma, of proxies that are believed about whom they ask for
  (``X-Forwarded-For``); with TLS this machine's own, otherwise nobody.
"""

from __future__ import annotations

import os
import secrets
from ipaddress import ip_network
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from dokaz.site.database import databases_of

PACKAGE = Path(__file__).resolve().parent.parent
STORE = Path(os.environ.get("DOKAZ_STORE", "store")).resolve()


def _secret(path: Path) -> str:
    try:
        return path.read_bytes().decode("latin-1").strip() or secrets.token_urlsafe(50)
    except OSError:
        # For commands that need none; whatever opens a store for work refuses one that is lost or damaged.
        return secrets.token_urlsafe(50)


SECRET_KEY = _secret(STORE / "secret")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("DOKAZ_HOSTS", "").split(","))]
BEHIND_TLS = os.environ.get("DOKAZ_TLS") == "1"
# One that speaks TLS stands on this machine, unless it is said where.
_PROXIES = os.environ.get("DOKAZ_PROXIES", "127.0.0.1,::1" if BEHIND_TLS else "")
TRUSTED_PROXIES = [str(ip_network(part.strip(), strict=False)) for part in _PROXIES.split(",") if part.strip()]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dokaz.casework",
    "dokaz.graves",
    "dokaz.mortuary",
    "dokaz.missing",
    "dokaz.detention",
    "dokaz.identification",
    "dokaz.court",
    "dokaz.pages",
    "dokaz.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dokaz.site.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dokaz.site.middleware.IdleTimeOut",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dokaz.site.middleware.SecondFactorRequired",
    "dokaz.pages.acting.ActingAs",
]

ROOT_URLCONF = "dokaz.site.urls"
WSGI_APPLICATION = "dokaz.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come first: allauth brings templates of the same names.
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dokaz.site.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "dokaz.pages.templatetags.dokaz"],
        },
    },
]
FORM_RENDERER = "dokaz.site.form_renderer.Renderer"

DATABASES = databases_of(os.environ.get("DOKAZ_DATABASE", ""), STORE)
DATABASE_ROUTERS = ["dokaz.site.database_router.SignInsApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- signing in ----------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dokaz.casework.passphrases.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "dokaz.site.accounts.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "dokaz.site.accounts.SealedSecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Dokaz"
# A telephone's clock may be half a minute off, and people type slowly: the code before and the code after count as well.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "dokaz.site.accounts.SecondFactor",
    "reauthenticate": "dokaz.site.accounts.SecondFactorAgain",
}
# Wrong passwords and codes are counted in the database (casework/attempts.py); allauth's own limits on requests, and what
# pages remember until the next filing, are in the memory of each worker, which needs no cache server beside a laptop.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "dokaz"}}

SESSION_ENGINE = "dokaz.site.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
#: Whoever asks for nothing for so long is signed out.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "dokaz.site.error_pages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BEHIND_TLS else []

# --- headers -------------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"

# --- language and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["dokaz.site.formats"]

# --- assets --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [("basemap", PACKAGE / "pages" / "basemap")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "dokaz.site.assets.VersionedAssets"},
}
# Served out of the package itself: nothing to collect, nothing to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 24 * 60 * 60
WHITENOISE_MIMETYPES = {".geojson": "application/geo+json"}

# --- files that are handed in --------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A survey may bring its photographs one by one.
DATA_UPLOAD_MAX_NUMBER_FILES = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["dokaz.site.uploads.IntoTheStore"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
