"""Addresses of all pages: what the rooms declare, and signing in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from dokaz.casework.rooms import rooms
from dokaz.pages.routes import routes

# Only what Dokaz offers: no registration, no password by mail, no way to take the second factor off.
ACCOUNT: list[URLPattern | URLResolver] = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/activate/", totp.activate_totp, name="mfa_activate_totp"),
    # Whoever has a second factor and asks for one again is led back to what they have; allauth looks for this name.
    path("account/second-factor/keep/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("language/", login_not_required(set_language), name="set_language"),
]

urlpatterns: list[URLPattern | URLResolver] = [*routes(rooms()), *ACCOUNT]

handler400 = "dokaz.site.error_pages.bad_request"
handler403 = "dokaz.site.error_pages.forbidden"
handler404 = "dokaz.site.error_pages.not_found"
handler500 = "dokaz.site.error_pages.failed"
