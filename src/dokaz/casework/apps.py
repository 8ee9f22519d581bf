"""Django's name for this room."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Investigation, people, keys, custody and the journal."""

    name = "dokaz.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
