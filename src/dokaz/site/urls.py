"""Addresses of all pages; the rooms' own stand in their rooms' ``urls.py``."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from dokaz.site import custody_pages as custody
from dokaz.site import deliveries, overview
from dokaz.site import ledger_pages as ledger

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
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("language/", login_not_required(set_language), name="set_language"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("acting/", overview.act_as, name="act_as"),
    path("map/", overview.site_map, name="map"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/new/", deliveries.delivery_choose, name="delivery_new"),
    path("deliveries/new/<str:what>/", deliveries.delivery_new, name="delivery_new_of"),
    path("deliveries/<str:number>/", deliveries.delivery, name="delivery"),
    path("inventory/", custody.inventory, name="inventory"),
    path("custody/", custody.transfers, name="transfers"),
    path("custody/hand-over/", custody.hand_over, name="hand_over"),
    path("custody/<str:number>/", custody.transfer, name="transfer"),
    path("custody/<str:number>/take-over/", custody.take_over, name="take_over"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoint/", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/entries/", ledger.entries, name="ledger_entries"),
    path("ledger/people/", ledger.people, name="ledger_people"),
    path("ledger/entries/<int:index>/", ledger.entry, name="entry"),
    path("ledger/entries/<int:index>/receipt/", ledger.receipt, name="receipt"),
    path("ledger/entries/<int:index>/what-if/", ledger.entry_what_if, name="entry_what_if"),
    path("", include("dokaz.graves.urls")),
    path("", include("dokaz.mortuary.urls")),
    path("", include("dokaz.missing.urls")),
    path("", include("dokaz.identification.urls")),
    path("", include("dokaz.court.urls")),
    *ACCOUNT,
]

handler400 = "dokaz.site.error_pages.bad_request"
handler403 = "dokaz.site.error_pages.forbidden"
handler404 = "dokaz.site.error_pages.not_found"
handler500 = "dokaz.site.error_pages.failed"
