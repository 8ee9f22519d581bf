"""Which fault belongs to which topic, in the order in which a report speaks of them."""

from __future__ import annotations

_CODES = {
    "files": "manifest-malformed manifest-differs path-not-allowed paths-differ-in-case file-missing file-size-differs"
    " file-changed file-not-listed file-not-named-by-its-hash file-of-no-entry file-malformed line-malformed"
    " not-an-ordinary-file folder-is-empty",
    "log": "key-is-another checkpoint-of-another-log checkpoint-not-signed log-was-rewritten",
    "entries": "entry-malformed entries-out-of-order entry-not-there entry-not-listed entry-beyond-the-log"
    " entry-not-in-the-log proof-malformed",
    "openings": "opening-malformed openings-out-of-order opening-without-entry opening-repeated opening-of-nothing"
    " opening-with-a-later-entry field-name-twice field-of-two-records",
    "withheld": "field-not-declared file-not-declared withheld-and-shown withheld-twice withheld-what-is-not-there"
    " withheld-without-ground",
    "versions": "version-filed-twice version-skipped previous-is-another kind-changed",
    "people": "founding-missing founding-wrong founded-twice key-unknown key-retired office-unknown office-ended"
    " key-and-office-of-two key-is-no-key key-in-two-records key-not-retired-once office-not-ended-once"
    " field-must-be-open field-holds-something-else",
    "signatures": "signatures-not-as-many signature-wrong signer-is-not-the-actor same-person-twice role-may-not-sign"
    " assent-malformed assent-of-another assent-not-filed",
    "acts": "kind-not-of-this-act kind-is-closed assent-to-nothing change-is-hidden change-not-allowed"
    " field-came-or-went state-not-of-this-act state-set-without-assent",
    "decisions": "discipline-not-signed comparisons-not-stated comparison-not-signed comparison-changed-since"
    " sits-alone no-primary-identifier nothing-to-revoke",
    "custody": "transfer-is-closed took-over-from-oneself",
    "receipt": "receipt-of-another-act receipt-names-files receipt-within-the-log receipt-not-the-last-entry"
    " receipt-not-opened manifest-not-of-this-receipt",
}

TOPICS = tuple(_CODES)
TOPIC_OF = {code: topic for topic, codes in _CODES.items() for code in codes.split()}
