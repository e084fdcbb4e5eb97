"""Settings, read from the environment that the runtime fills in. There are no fallback secrets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config.runtime.addresses import gateway_url

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = os.environ.get("COUNTERSIGN_MODE", "development")
DEMO = MODE == "demo"
DEBUG = False  # never: Django's debug page prints local variables, and those hold notes
DATA = Path(os.environ["COUNTERSIGN_DATA"])
KEYS = Path(os.environ["COUNTERSIGN_KEYS"])
SECRET_KEY = (KEYS / "django.key").read_text().strip()
VERSION = "0.1.0"

HOST = os.environ.get("COUNTERSIGN_HOST", "127.0.0.1")
PUBLIC_HOSTS = [h for h in os.environ.get("COUNTERSIGN_PUBLIC_HOSTS", "").split(",") if h]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *PUBLIC_HOSTS]
GATEWAY_PORT = int(os.environ.get("COUNTERSIGN_GATEWAY_PORT", "8001"))
GATEWAY_URL = gateway_url(os.environ, HOST, GATEWAY_PORT)
MODEL_SOCKET = os.environ.get("COUNTERSIGN_MODEL_SOCKET", str(DATA / "run" / "models.sock"))
ORGANISATION = os.environ.get("COUNTERSIGN_ORGANISATION", "This hospital")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "auditlog",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "vault",
    "audit",
    "accounts",
    "projects",
    "jobs",
    "deid",
    "datasets_app",
    "training",
    "governance",
    "deployment",
    "web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.idle.IdleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.RequestContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.SafetyHeadersMiddleware",
    "web.middleware.ServiceErrorMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

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
                "web.context.frame",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL connection URI; psycopg knows sockets and escapes."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


# `trail` is a second connection to the same database: a denial is written there, so that it
# survives the rollback of the request that was denied.
DATABASES = {
    "default": _database(os.environ["DATABASE_URL"]),
    "trail": _database(os.environ["DATABASE_URL"]),
}
if "DATABASE_OWNER_URL" in os.environ:
    DATABASES["owner"] = _database(os.environ["DATABASE_OWNER_URL"])
# Failed attempts are counted on the second connection: a wrong password while signing must count
# although its request is rolled back.
DATABASE_ROUTERS = ["config.routers.AttemptsRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False  # accounts.idle counts the half hour from the last act
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MODE == "production" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# People type passwords into the user name field: axes keeps a keyed hash of it.
AXES_USERNAME_CALLABLE = "accounts.lockout.hashed_username"
AXES_CLIENT_STR_CALLABLE = "accounts.lockout.client_label"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "en-us"
TIME_ZONE = os.environ.get("COUNTERSIGN_TIME_ZONE", "UTC")
USE_TZ = True
DATETIME_FORMAT = "j M Y, H:i e"
DATE_FORMAT = "j M Y"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files", "file_permissions_mode": 0o600},
    },
    # Hashed names, no compression: compressing took 50 s of every first start.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["vault.uploads.EncryptedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE = {
    "seal-audit-trail": {"task": "audit.seal", "schedule": 10.0},
    "reap-dead-jobs": {"task": "jobs.reap", "schedule": 10.0},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "web.errors.api_exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Countersign API",
    "DESCRIPTION": "The same services that the pages call.",
    "VERSION": VERSION,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "web.schema.describe_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ReviewVerdictEnum": "deid.models.reviews.Review.Verdict",
        "DecisionVerdictEnum": "governance.models.Decision.Verdict",
        "TrainingStateEnum": "training.models.TrainingRun.State",
    },
}

# Log lines carry ids and codes. Requests are not logged with their query, tracebacks not with
# their local variables nor with the exceptions' messages, which may quote a value.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_format.WithoutContent",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "presidio-analyzer": {"level": "ERROR"},
        "decision_process": {"level": "CRITICAL"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
