"""Every page there is, and who goes there. A page that is added without a visit fails a test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Visit:
    """One page as one person sees it.

    Args:
        name: Of its address.
        login: Who goes there.
        of: Which records its address names (``backstage.numbers``).
        query: After the address; ``{kind}`` stands for a number.
        state: Tells visits of one page apart.
    """

    name: str
    login: str
    of: tuple[str, ...] = ()
    query: str = ""
    state: str = ""

    @property
    def title(self) -> str:
        """As its picture is called."""
        return f"{self.name}-{self.state}" if self.state else self.name


# Addresses that are no page: files, pictures, and places that only take a form.
NO_PAGES = {
    "photograph_image": "a photograph",
    "photograph_thumbnail": "a photograph",
    "attachment_file": "a file",
    "attachment_picture": "a picture",
    "ledger_checkpoint": "a file",
    "receipt": "a file",
    "bundle_download": "a file",
    "delivery_progress": "two numbers, for the page that sends",
    "set_language": "takes a form",
    "mfa_download_recovery_codes": "a file",
    "account_inactive": "for accounts that were closed; nobody in the demo",
    "mfa_authenticate": "between password and code; test_signing_in",
    "mfa_activate_totp": "before the second factor; test_signing_in",
    "account_login": "before signing in; test_signing_in",
    "mfa_view_recovery_codes": "once there are some; test_signing_in",
    **{
        f"{what}_{kind}": "while two administrators have not agreed yet; test_two_administrators"
        for what in ("agree", "withdraw")
        for kind in ("office", "key", "constitution", "checkpointkey", "erasureorder")
    },
    "correction_agree": "while a correction waits; test_putting_right_pages",
    "correction_decline": "while a correction waits; test_putting_right_pages",
    "review_answer": "while a signed comparison is under review; test_putting_right_pages",
    "mfa_deactivate_totp": "leads back to the second factor; test_second_factor",
}

VISITS = (
    Visit("overview", "investigator"),
    Visit("overview", "administrator", state="people"),
    Visit("overview", "defence", state="nothing-disclosed"),
    Visit("act_as", "liaison"),
    Visit("map", "investigator"),
    Visit("deliveries", "dna"),
    Visit("delivery", "dna", ("delivery",)),
    Visit("delivery_new", "liaison"),
    Visit("delivery_new_of", "scene", ("survey kind",), state="survey"),
    Visit("delivery_new_of", "liaison", ("families kind",), state="families"),
    Visit("sites", "scene"),
    Visit("site_new", "scene"),
    Visit("site", "investigator", ("site",)),
    Visit("site_open_grave", "scene", ("site",)),
    Visit("grave", "investigator", ("grave",)),
    Visit("grave_survey", "scene", ("grave",)),
    Visit("grave_photograph", "scene", ("grave",)),
    Visit("units", "investigator"),
    Visit("unit", "investigator", ("unit",)),
    Visit("unit", "scene", ("emergency unit",), state="emergency"),
    Visit("unit", "investigator", ("reopened unit",), state="reopened"),
    Visit("unit_lift", "scene", ("unit in the ground",)),
    Visit("unit_lift", "scene", ("unit",), state="lifted"),
    Visit("unit_photograph", "scene", ("unit",)),
    Visit("unit_split", "scene", ("unit",)),
    Visit("unit_quarantine", "scene", ("unit",)),
    Visit("unit_end_quarantine", "scene", ("unit",)),
    Visit("unit_receive", "mortuary", ("unit",)),
    Visit("unit_examine", "mortuary", ("unit",)),
    Visit("unit_sample", "mortuary", ("unit",)),
    Visit("unit_store", "mortuary", ("unit",)),
    Visit("photograph", "investigator", ("photograph",)),
    Visit("labels", "scene", query="?grave={grave}"),
    Visit("mortuary", "mortuary"),
    Visit("samples", "mortuary"),
    Visit("sample_profile", "dna", ("sample",)),
    Visit("sample", "mortuary", ("sample",)),
    Visit("profiles", "dna"),
    Visit("profile", "dna", ("profile",)),
    Visit("profile", "dna", ("withdrawn profile",), state="withdrawn"),
    Visit("profile_withdraw", "dna", ("profile",)),
    Visit("examination", "mortuary", ("examination",)),
    Visit("record_history", "mortuary", ("examination record", "examination")),
    Visit("record_correct", "mortuary", ("examination record", "examination")),
    Visit("record_correct", "dna", ("profile record", "profile"), state="profile"),
    Visit("record_void", "mortuary", ("examination record", "examination")),
    Visit("record_erase", "investigator", ("examination record", "examination")),
    Visit("corrections", "investigator"),
    Visit("record_attach", "liaison", ("missing record", "missing")),
    Visit("attachment", "liaison", ("attachment",)),
    Visit("missing", "liaison"),
    Visit("missing", "liaison", query="?q=zzzz", state="nothing-fits"),
    Visit("missing_report", "liaison"),
    Visit("missing_person", "liaison", ("missing",)),
    Visit("missing_person", "liaison", ("duplicate",), state="duplicate"),
    Visit("missing_verify", "liaison", ("missing",)),
    Visit("missing_duplicate", "liaison", ("missing",)),
    Visit("missing_found_alive", "liaison", ("missing",)),
    Visit("missing_split", "liaison", ("missing not matched",)),
    Visit("missing_reopen", "liaison", ("duplicate",)),
    Visit("pedigree_new", "liaison", ("missing",)),
    Visit("family", "liaison", ("family",)),
    Visit("pedigree_correct", "liaison", ("family",)),
    Visit("donor_enrol", "liaison", ("family",)),
    Visit("donor_withdraw", "liaison", ("donor",)),
    Visit("identification", "board"),
    Visit("identification_search_new", "dna"),
    Visit("identification_search", "dna", ("search",)),
    Visit("comparisons", "dna"),
    Visit("comparison_new", "dna"),
    Visit("comparison_new", "dna", query="?unit={unit}&missing={missing}&discipline=dna", state="pair"),
    Visit("comparison_new", "dna", query="?unit={unit}&missing={missing}&discipline=friction_ridge", state="by-eye"),
    Visit("comparison", "dna", ("comparison",)),
    Visit("comparison", "dna", ("discordant",), state="discordant"),
    Visit("decision_new", "investigator", ("comparison",)),
    Visit("decisions", "board"),
    Visit("decision", "board", ("certified",)),
    Visit("decision", "board", ("revoked",), state="revoked"),
    Visit("decision", "board", ("excluded",), state="excluded"),
    Visit("decision_certificate", "prosecutor", ("certified",)),
    Visit("decision_withdraw", "investigator", ("certified",)),
    Visit("decision_doubt", "investigator", ("certified",)),
    Visit("doubts", "board"),
    Visit("doubt_answer", "dna", ("doubt",)),
    Visit("decision_revoke", "board", ("certified",)),
    Visit("decision_tell", "liaison", ("certified",)),
    Visit("decision_release", "mortuary", ("certified",)),
    Visit("board_reviews", "board"),
    Visit("board_review_close", "board", ("review",)),
    Visit("inventory", "investigator"),
    Visit("transfers", "mortuary"),
    Visit("hand_over", "mortuary"),
    Visit("transfer", "mortuary", ("transfer",)),
    Visit("take_over", "mortuary", ("transfer",)),
    Visit("take_over_in_part", "mortuary", ("transfer",)),
    Visit("take_over_all", "mortuary"),
    Visit("refuse_transfer", "mortuary", ("transfer",)),
    Visit("take_back", "mortuary", ("transfer",)),
    Visit("call_back", "investigator", ("transfer",)),
    Visit("hand_over_for", "investigator"),
    Visit("note_discrepancy", "mortuary", ("transfer",)),
    Visit("discrepancies", "mortuary"),
    Visit("discrepancy", "mortuary", ("discrepancy",)),
    Visit("discrepancy_settle", "mortuary", ("discrepancy",)),
    Visit("storage", "mortuary"),
    Visit("storage_new", "mortuary"),
    Visit("put_away", "mortuary"),
    Visit("storage_place", "mortuary", ("storage",)),
    Visit("storage_put", "mortuary", ("storage",)),
    Visit("releases", "mortuary"),
    Visit("release", "mortuary", ("release",)),
    Visit("release_return", "mortuary", ("release",)),
    Visit("bundles", "prosecutor"),
    Visit("bundle_new", "prosecutor"),
    Visit("bundle", "prosecutor", ("bundle",)),
    Visit("ledger", "auditor"),
    Visit("ledger_entries", "auditor"),
    Visit("security", "auditor"),
    Visit("ledger_people", "auditor"),
    Visit("appoint", "administrator"),
    Visit("stop_key", "administrator", ("administrator's key",)),
    Visit("entry", "auditor", ("entry",)),
    Visit("entry_what_if", "auditor", ("entry",)),
    Visit("account_logout", "analyst"),
    Visit("account_reauthenticate", "analyst"),
    Visit("account_change_password", "analyst"),
    Visit("mfa_index", "analyst"),
    Visit("mfa_reauthenticate", "analyst"),
    Visit("mfa_generate_recovery_codes", "analyst"),
)

# Seen in the dark too: one of every kind of page and picture.
IN_THE_DARK = frozenset(
    {"overview", "map", "grave", "unit", "photograph", "missing_person", "comparison", "decision", "identification",
     "entry", "units", "site_new", "delivery_new_of", "record_history"}
)  # fmt: skip
