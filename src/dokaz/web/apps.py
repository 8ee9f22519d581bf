"""Django's name for this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages that belong to no one room: sign-in, overview, map, ledger."""

    name = "dokaz.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
