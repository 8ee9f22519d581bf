"""Django's name for this room."""

from django.apps import AppConfig


class GravesConfig(AppConfig):
    """Sites, graves, recovery units."""

    name = "dokaz.graves"
    label = "graves"
    default_auto_field = "django.db.models.BigAutoField"
