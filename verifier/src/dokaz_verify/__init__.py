"""Checks a Dokaz evidence bundle offline, without trusting whoever made it.

from dokaz_verify import verify
verdict = verify("bundle", key="name+hash+base64, as published")
if not verdict.verified:
    for fault in verdict.faults: ...
"""

from dokaz_verify.canonical import Malformed
from dokaz_verify.check import verify
from dokaz_verify.faults import Fault
from dokaz_verify.folder import Unreadable
from dokaz_verify.notes import LogKey
from dokaz_verify.verdict import Verdict

__all__ = ["Fault", "LogKey", "Malformed", "Unreadable", "Verdict", "verify"]
