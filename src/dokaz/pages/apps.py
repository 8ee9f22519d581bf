"""Django's name for the toolkit of pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates, tags and static files that every page uses."""

    name = "dokaz.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
