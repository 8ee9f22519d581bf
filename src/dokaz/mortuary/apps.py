"""Django's name for this room."""

from django.apps import AppConfig


class MortuaryConfig(AppConfig):
    """Examinations, samples, DNA profiles."""

    name = "dokaz.mortuary"
    label = "mortuary"
    default_auto_field = "django.db.models.BigAutoField"
