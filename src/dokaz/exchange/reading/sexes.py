"""Sex as files write it: one list of terms for every reader."""

from __future__ import annotations

#: What teams, laboratories and programs write, in lower case, and the term used here.
SEXES = {
    **dict.fromkeys(("1", "m", "male", "ч", "чол", "чол.", "чоловіча"), "male"),
    **dict.fromkeys(("2", "f", "female", "ж", "жін", "жін.", "жіноча"), "female"),
    **dict.fromkeys(("0", "-9", "u", "?", "unknown", "невідомо"), "unknown"),
}
