"""Says which tables are in the database of sign-ins: passwords, second factors, sessions, and whose each is."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dokaz.site.database import SIGN_INS

# Whole apps of Django and allauth, and those of our models that are about signing in.
_APPS = frozenset({"account", "auth", "contenttypes", "mfa", "sessions"})
_MODELS = frozenset({("casework", "account"), ("casework", "securityevent")})


def database_of_table(app_label: str, model_name: str | None) -> str:
    """In which of Django's ``DATABASES`` a table is; on PostgreSQL all are in one."""
    if SIGN_INS in settings.DATABASES and (app_label in _APPS or (app_label, model_name) in _MODELS):
        return SIGN_INS
    return "default"


class SignInsApart:
    """Sends Django to the database in which a table is."""

    def db_for_read(self, model: type[models.Model], **_: object) -> str:
        return database_of_table(model._meta.app_label, model._meta.model_name)

    def db_for_write(self, model: type[models.Model], **_: object) -> str:
        return database_of_table(model._meta.app_label, model._meta.model_name)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **_: object) -> bool:
        return db == database_of_table(app_label, model_name)
