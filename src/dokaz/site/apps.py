"""Django's name for the pages above the rooms, and what they note for the auditor."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The pages above the rooms."""

    name = "dokaz.site"
    label = "site"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, user_logged_in
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

        from dokaz.casework.models import SecurityEvent

        what = SecurityEvent.What
        for signal, noted in (
            (user_logged_in, what.SIGNED_IN),
            (password_changed, what.PASSWORD_CHANGED),
            (authenticator_added, what.FACTOR_CHANGED),
            (authenticator_removed, what.FACTOR_CHANGED),
            (authenticator_reset, what.FACTOR_CHANGED),
        ):
            signal.connect(_noting(noted), weak=False, dispatch_uid=f"security log {noted} {id(signal)}")


def _noting(what: str) -> Any:
    def noted(sender: Any, request: Any, user: Any, **_: Any) -> None:
        from dokaz.casework.attempts import note
        from dokaz.pages.addresses import address_of

        note(what, user.get_username(), address=address_of(request))

    return noted
