"""Django's name for the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Pages that belong to no one room: sign-in, overview, map, ledger."""

    name = "dokaz.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
