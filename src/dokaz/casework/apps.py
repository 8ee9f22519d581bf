"""Django's name for this room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CaseworkConfig(AppConfig):
    """Investigation, people, keys, custody and the journal."""

    name = "dokaz.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dokaz.casework.alphabet import teach

        connection_created.connect(teach, dispatch_uid="dokaz alphabet")
