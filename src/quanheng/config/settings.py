"""Django settings: one file for every environment; what differs comes from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from quanheng.config.environment import database_settings, read_environment, single_sign_on_settings
from quanheng.config.logging import LOGGING  # noqa: F401

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = [*ENVIRONMENT.office_hosts, *filter(None, [ENVIRONMENT.public_host])]
DATA_DIR = ENVIRONMENT.data_dir
PUBLIC_URL = ENVIRONMENT.public_url
OFFICE_URL = f"https://{ENVIRONMENT.office_hosts[0]}" if ENVIRONMENT.production else PUBLIC_URL
PUBLIC_HOST = ENVIRONMENT.public_host if ENVIRONMENT.production else ""
SANDBOX_URL = ENVIRONMENT.sandbox_url
IS_PRODUCTION, IS_DEMO = ENVIRONMENT.production, ENVIRONMENT.demo

# The public log: what a new one is called (`adapters.log_name` keeps it), and how long it may stand still
# before acts of enforcement are refused.
LOG_ORIGIN = ENVIRONMENT.log_origin
LOG_LIMIT = timedelta(hours=ENVIRONMENT.log_limit_hours)
DISK_WARN, DISK_UPLOADS, DISK_WRITES = (int(mb * 1_000_000) for mb in ENVIRONMENT.disk_mb)
LOG_ALARM = timedelta(minutes=5)
LOG_WITNESSES = ENVIRONMENT.log_witnesses
UPLOADS_KEPT = timedelta(days=ENVIRONMENT.uploads_kept_days)
PHOTOS_KEPT = timedelta(days=ENVIRONMENT.photos_kept_days)
ATTACHMENTS_KEPT = timedelta(days=ENVIRONMENT.attachments_kept_days)
CHANGES_KEPT = timedelta(days=ENVIRONMENT.changes_kept_days)
WEBHOOK_NETWORKS = ENVIRONMENT.webhook_networks
SMS_URL, SMS_SECRET = ENVIRONMENT.sms_url, ENVIRONMENT.sms_secret
MAIL_URL, MAIL_FROM, ALARM_MAIL = ENVIRONMENT.mail_url, ENVIRONMENT.mail_from, ENVIRONMENT.alarm_mail
NATIONAL_SCALES_URL, NATIONAL_SCALES_SECRET = (
    ENVIRONMENT.national_scales_url,
    ENVIRONMENT.national_scales_secret,
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "quanheng.kit",
    "quanheng.calculations",
    "quanheng.apps.audit",
    "quanheng.apps.outbox",
    "quanheng.apps.accounts",
    "quanheng.apps.notices",
    "quanheng.apps.registry",
    "quanheng.apps.people",
    "quanheng.apps.instruments",
    "quanheng.apps.hospitals",
    "quanheng.apps.certificates",
    "quanheng.apps.inspections",
    "quanheng.apps.focus",
    "quanheng.apps.exchange",
    "quanheng.apps.indicators",
    "quanheng.apps.changes",
    "quanheng.adapters",
    "quanheng.web",
    "quanheng.api",
    "quanheng.jobs",
    "quanheng.demo",
]

MIDDLEWARE = [
    "quanheng.web.middleware.security.SecurityHeaders",
    "quanheng.web.middleware.hosts.KeepHostsApart",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "quanheng.web.middleware.kept_forms.KeptForms",
    "quanheng.api.answers.ApiAnswers",
    "quanheng.web.middleware.intake.Intake",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quanheng.web.middleware.actor.ActorContext",
    "quanheng.api.door.ApiDoor",
]

# Addresses that anybody opens with a phone. `config.wsgi` serves them with this short list instead, and in
# production the public hostname serves them alone (web.middleware.hosts).
PUBLIC_PREFIXES = ("/s/", "/e/", "/c/", "/log/", "/healthz", "/readyz")
PUBLIC_MIDDLEWARE = [
    "quanheng.web.middleware.security.SecurityHeaders",
    "quanheng.web.middleware.hosts.KeepHostsApart",
    "quanheng.web.middleware.intake.Intake",
]

ROOT_URLCONF = "quanheng.config.urls"
WSGI_APPLICATION = "quanheng.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quanheng.web.context.platform",
            ],
            "builtins": ["quanheng.web.templatetags.ui"],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": database_settings(ENVIRONMENT.database_url or "postgresql://quanheng@127.0.0.1/quanheng")
}

# Everything but migrations runs as this role (kit.database).
DATABASE_ROLE = "quanheng_app"

# Jobs are found by themselves: every module of quanheng.jobs (jobs.apps).
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_ON_APP_READY = "quanheng.jobs.app.load_tasks"

# What strangers may ask for at a cost runs in limited processes (kit.apart), which import these once.
WORK_APART = ["quanheng.kit.pictures", "quanheng.calculations.apart", "quanheng.web.calculators.draw_apart"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
API_PREFIX = "/api/"
ACCOUNT_ADAPTER = "quanheng.web.accounts.adapter.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end all the same: their hash no longer fits
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "quanheng.web.accounts.adapter.display_name"
# Counted in the database, over all processes (accounts.services.sign_in), not by allauth in a cache of each.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "change_password": "", "reauthenticate": ""}
ACCOUNT_FORMS = {
    "change_password": "quanheng.web.accounts.forms.NewPasswordForm",
    "login": "quanheng.web.accounts.forms.SignInForm",
}
MFA_ADAPTER = "quanheng.web.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "权衡"
MFA_TOTP_TOLERANCE = 1  # time steps before and after: a slow typist, a clock that is off by half a minute
MFA_FORMS = {
    "activate_totp": "quanheng.web.accounts.forms.FirstCodeForm",
    "authenticate": "quanheng.web.accounts.forms.SecondFactorForm",
    "reauthenticate": "quanheng.web.accounts.forms.SecondFactorAgainForm",
}
SOCIALACCOUNT_ADAPTER = "quanheng.web.accounts.adapter.GovernmentSignInAdapter"
SOCIALACCOUNT_PROVIDERS = single_sign_on_settings()

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # ours, no library's
STATIC_ROOT = PACKAGE / "web" / "static_built"  # collected by `make setup`
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "quanheng.web.static_files.HashedFiles"},
}
WHITENOISE_USE_FINDERS = True  # also the plain names: for pages of errors, which ask nobody for an address
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_ENGINE = "quanheng.apps.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.production
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "quanheng.web.kept_forms.views.not_from_here"
SECURE_HSTS_SECONDS = 2 * 31_536_000 if ENVIRONMENT.production else 0  # sent by web.middleware.security
# Browsers speak https to the proxy in front, whatever it tells us.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.office_hosts if ENVIRONMENT.production]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
