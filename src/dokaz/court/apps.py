"""Django's name for this room."""

from django.apps import AppConfig


class CourtConfig(AppConfig):
    """Disclosure, redaction, the bundle."""

    name = "dokaz.court"
    label = "court"
    default_auto_field = "django.db.models.BigAutoField"
