"""Django's name for this room."""

from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    """Comparisons, lines of evidence, boards, decisions, releases."""

    name = "dokaz.identification"
    label = "identification"
    default_auto_field = "django.db.models.BigAutoField"
