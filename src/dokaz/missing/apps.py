"""Django's name for this room."""

from django.apps import AppConfig


class MissingConfig(AppConfig):
    """Missing persons, donors with consent, pedigrees."""

    name = "dokaz.missing"
    label = "missing"
    default_auto_field = "django.db.models.BigAutoField"
