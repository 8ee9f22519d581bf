"""What every answer carries, and what every signed-in page asks for."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dokaz.casework.attempts import note
from dokaz.casework.models import SecurityEvent
from dokaz.pages.addresses import address_of

Answer = Callable[[HttpRequest], HttpResponse]

# No inline script or style anywhere; images may be drawn into (canvas, QR code of the second factor).
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class SecurityHeaders:
    """Forbids the browser whatever the pages do not need; above all, to ask anybody else for anything."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            # A page of a case must not lie in the cache of a shared laptop after its reader signed out.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class IdleTimeOut:
    """Signs out whoever has asked for nothing for a while: a page of a case must not wait on an empty desk.

    The session is written at most once a minute.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                note(SecurityEvent.What.SIGNED_OUT_IDLE, request.user.get_username(), address=address_of(request))
                logout(request)
                minutes = settings.SESSION_IDLE_SECONDS // 60
                messages.info(
                    request, _("You were signed out: %(minutes)s minutes without a request.") % {"minutes": minutes}
                )
            elif now - seen >= 60 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class SecondFactorRequired:
    """Sends whoever has no second factor yet to set one up; nothing else answers before that.

    Once seen, the session remembers it: the adapter never lets anyone take the second factor off again.
    """

    OPEN = frozenset(
        {"account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_reauthenticate", "set_language"}
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[object], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        from allauth.mfa.models import Authenticator
        from allauth.mfa.utils import is_mfa_enabled

        if not request.user.is_authenticated or request.session.get("second_factor") == request.user.pk:
            return None
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            request.session["second_factor"] = request.user.pk
            return None
        if request.resolver_match is not None and request.resolver_match.url_name in self.OPEN:
            return None
        return redirect("mfa_activate_totp")
