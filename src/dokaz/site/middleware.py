"""What every answer carries, and what every signed-in page asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

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
