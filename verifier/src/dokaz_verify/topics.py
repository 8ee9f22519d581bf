"""Which fault belongs to which topic, in the order in which a report speaks of them."""

from __future__ import annotations

_CODES = {
    "files": "manifest-malformed manifest-differs path-not-allowed paths-differ-in-case file-missing"
    " file-size-differs tile-of-another-width file-changed file-not-listed file-not-named-by-its-hash file-of-no-entry"
    " file-malformed line-malformed not-an-ordinary-file folder-is-empty",
    "log": "key-is-another checkpoint-of-another-log checkpoint-not-signed checkpoint-of-a-revoked-key"
    " log-key-malformed log-key-not-new log-was-rewritten log-is-another"
    " base-not-of-this-log base-of-no-entry base-is-later filed-in-between not-of-one-filing",
    "entries": "entries-not-of-this-head entry-malformed entries-out-of-order entry-not-there entry-not-listed"
    " entry-beyond-the-log entry-not-in-the-log proof-malformed",
    "openings": "opening-malformed openings-out-of-order opening-without-entry opening-repeated"
    " opening-of-nothing opening-with-a-later-entry field-of-two-records field-under-two-names"
    " value-not-of-its-type fields-not-of-this-kind",
    "withheld": "field-not-declared erased-and-shown withheld-and-erased file-not-declared withheld-and-shown"
    " withheld-twice withheld-what-is-not-there withheld-without-ground",
    "versions": "version-filed-twice version-skipped previous-is-another kind-changed",
    "people": "founding-missing founding-wrong founding-not-signed founded-twice key-unknown key-retired office-unknown"
    " office-ended key-and-office-of-two key-is-no-key key-in-two-records key-not-retired-once"
    " office-not-ended-once field-must-be-open field-holds-something-else key-not-possessed"
    " session-of-another session-ended session-not-in-this-office role-may-not-act points-to-nothing"
    " key-retires-itself not-put-in-force session-too-long",
    "signatures": "signatures-not-as-many signature-wrong same-person-twice role-may-not-sign assent-malformed"
    " assent-of-another assent-not-filed not-signed-in-person",
    "constitution": "constitution-missing constitution-malformed constitution-changed constitution-not-of-this-hash",
    "time": "time-runs-backwards time-to-come head-too-old made-at-another-time",
    "acts": "change-not-allowed number-of-another kind-unknown act-unknown act-makes-none-of-this-kind"
    " act-changes-none-of-this-kind born-in-another-state not-blank-at-birth move-not-allowed"
    " rule-holds rule-held rule-actor-is rule-actor-is-not rule-restores rule-refers rule-agrees"
    " rule-exists rule-as-agreed rule-unless-pointed-at points-to-void void-and-changed"
    " rule-another rule-none rule-only-one record-needed rule-not-before rule-filed-with"
    " rule-part-of rule-carried-out rule-erases",
    "decisions": "sits-alone rule-signed-in cites-nothing cited-not-signed cited-changed-since cited-of-others"
    " cited-none-carries",
    "custody": "rule-listed rule-each-held-by thing-of-another-number rule-only-one-lists rule-out-of-office",
    "receipt": "receipt-of-another-act receipt-names-files receipt-within-the-log receipt-not-the-last-entry"
    " receipt-not-opened manifest-not-of-this-receipt",
}

TOPICS = tuple(_CODES)
TOPIC_OF = {code: topic for topic, codes in _CODES.items() for code in codes.split()}
