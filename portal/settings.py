"""All settings; what differs between sites comes from the environment, read by portal.env."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from psycopg import IsolationLevel

from portal import embedded
from portal.cache_settings import cache_settings
from portal.celery_settings import celery_settings
from portal.env import env_bool, env_database, env_int, env_list, env_secret, env_str, env_url
from portal.logs import logging_settings
from portal.open_api import open_api_settings
from portal.schedule import beat_schedule
from portal.security import content_security_policy

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_folder()

# --- What kind of site this is -------------------------------------------------------------------
DEBUG = env_bool("DEBUG", False)
DEMO = env_bool("DEMO", False)  # the demo on one machine: plain http, and a page that shows all mail
SECRET_KEY = env_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key] if (key := env_secret("SECRET_KEY_BEFORE", default="")) else []
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = env_url("SITE_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/")
SITE_NAME = env_str("SITE_NAME")  # what families call this site; unset: “Student Data Guide”

# --- Apps and middleware ---------------------------------------------------------------------------
# Anymail, whose pages hear of bounces, is none of them: its app loads 6 MB into every worker, for nothing.
INSTALLED_APPS = [
    "portal",
    "consent",
    "districts",
    "portal.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.KeptPageMiddleware",  # from here on it matters who asks
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database: PostgreSQL, and nothing else ------------------------------------------------------
TEST_DATABASE_NAME = env_str("TEST_DATABASE_NAME", "test_openroll")
DATABASES: dict[str, dict[str, Any]] = {}
DATABASES["default"] = {
    **(env_database("DATABASE_URL") or embedded.connection_settings()),
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env_int("CONN_MAX_AGE", 60, least=0),
    "CONN_HEALTH_CHECKS": True,
    "TEST": {"NAME": TEST_DATABASE_NAME},
}
# The public pages' own connection to the same database; they take the role openroll_public on it.
DATABASES["public"] = {
    **DATABASES["default"],
    **(env_database("PUBLIC_DATABASE_URL") or {}),
    "TEST": {"MIRROR": "default"},
}
# A page is read in several statements, all of one state of the database.
DATABASES["public"]["OPTIONS"] = {
    **DATABASES["public"].get("OPTIONS", {}),
    "isolation_level": IsolationLevel.REPEATABLE_READ,
}
# A batch is done in milliseconds; compiling its statement first (jit) would take ten times as long.
for _database in DATABASES.values():
    _database["OPTIONS"] = {"options": "-c jit=off", **_database.get("OPTIONS", {})}
DATABASE_ROUTERS = ["portal.routers.PublicRoomRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Who may sign in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "consent:family"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}  # a phone shows its number keys
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code itself proves the mailbox
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "consent.adapter.FamilyAdapter"
ACCOUNT_FORMS = {"request_login_code": "consent.forms.RequestCodeForm"}
# Counted by address or session, never by computer: no IP address of a family is kept. None: not counted,
# because allauth would count by computer; nothing here asks for it.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "5/5m/key",
    "letter_code": "20/10m/key",
    "wrong_letter_code": "300/10m/key",
    "login_failed": "5/5m/key",
    **dict.fromkeys(["login", "signup", "reset_password", "reset_password_from_key", "verify_phone"]),
}
# Staff give a code of their phone after the password; in the demo a password is enough to look around.
STAFF_SECOND_STEP = env_bool("STAFF_SECOND_STEP", not DEMO)
MFA_ADAPTER = "portal.staff.second_step_forms.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # half minutes that a phone's clock may be off

# --- Mail ------------------------------------------------------------------------------------------
EMAIL_BACKEND = "consent.mail.exit.ClosedBackend"  # every message goes out by consent.mail.exit
EMAIL_HOST = env_str("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", 20, least=1)
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "student-data@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
WATCH_HOUR = env_int("WATCH_HOUR", 21, least=0, most=23)  # UTC: when who watches a page gets its news
HOOKS_MAY_CALL_LOOPBACK = env_bool("HOOKS_MAY_CALL_LOOPBACK", False)  # for developers: http, this machine
# “name:password” that a mail provider must send with its reports of bounces; unset: no such address exists.
ANYMAIL = {"WEBHOOK_SECRET": secret} if (secret := env_secret("MAIL_REPORTS_SECRET", default="")) else {}

# --- Languages and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
PSEUDO_ARABIC = env_bool("PSEUDO_ARABIC", False)  # shows the pages right to left, for tests of layout
if PSEUDO_ARABIC:
    LANGUAGES.append(("ar", _("Arabic")))
FORMAT_MODULE_PATH = ["portal.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env_str("MEDIA_ROOT", str(VAR_DIR / "media")))
PRIVATE_MEDIA_ROOT = Path(env_str("PRIVATE_MEDIA_ROOT", str(VAR_DIR / "private")))
DUMPS_ROOT = Path(env_str("DUMPS_ROOT", str(VAR_DIR / "dumps")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Unredacted originals and scans of answers: never below an address that is served.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT, "file_permissions_mode": 0o600, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO  # the demo serves the files where they lie, nothing is collected
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Safe by default -------------------------------------------------------------------------------
HTTPS = env_bool("HTTPS", not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy()

# --- API, tasks, logs ------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = open_api_settings()
REDIS_URL = env_url("REDIS_URL", env_secret("REDIS_URL", default=""), ("redis", "rediss", "unix"))
globals().update(celery_settings(redis_url=REDIS_URL, broker_folder=VAR_DIR / "broker"))
SWEEP_SECONDS = env_int("SWEEP_SECONDS", 60 if REDIS_URL else 30, least=1)
CELERY_BEAT_SCHEDULE = beat_schedule(SWEEP_SECONDS)
# How many public pages are kept at most, 256 KB each; 0 keeps none. Without Redis, in each process.
PAGE_CACHE_PLACES = env_int("PAGE_CACHE_PLACES", 512, least=0)
# Without Redis in files, not in memory: the web server's processes count tries together.
CACHES = cache_settings(redis_url=REDIS_URL, folder=VAR_DIR / "cache", pages=PAGE_CACHE_PLACES)
LOGGING = logging_settings(plain=DEBUG or DEMO, level=env_str("LOG_LEVEL", "INFO"))
SENTRY_DSN = env_secret("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, max_request_body_size="never")
