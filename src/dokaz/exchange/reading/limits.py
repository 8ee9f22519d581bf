"""How much is read at each door: one place for the limits on bytes, lines, pixels, memory and time."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2

# --- what is sent ---------------------------------------------------------------------------------------------------------

#: The body of one request by somebody who is signed in; more comes by `dokaz import`, which copies nothing over a network.
SENT_BYTES = 4096 * MIB
#: The body of any other request: a login, a password, a code.
STRANGERS_BYTES = 64 * 1024
#: How long a whole body may take on its way, before any thread of the server waits for it.
SENT_SECONDS = 900
STRANGERS_SECONDS = 20

# --- what is read ---------------------------------------------------------------------------------------------------------

#: A delivered table or case.
TABLE_BYTES = 64 * MIB
TABLE_LINES = 250_000
#: What one delivery may make; the ledger's head is held while they are filed.
DELIVERED_RECORDS = 25_000
#: For how long a delivery may hold it.
FILING_SECONDS = 180

PHOTOGRAPH_BYTES = 256 * MIB
#: A file that is attached to a record; it is hashed and copied, and only its head is read.
ATTACHED_BYTES = 2048 * MIB
#: Larger pictures are refused before they are decoded: they would fill the memory of a field laptop.
PHOTOGRAPH_PIXELS = 200_000_000
#: Files in the archives of one delivery, and what those that are read unfold to.
ARCHIVED_FILES = 20_000
UNFOLDED_BYTES = 8192 * MIB


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a process that reads delivered bytes may use, and how many of its kind run at once on a store.

    Args:
        name: What the kind is called.
        memory_bytes: Beyond what the process holds before it reads.
        computing_seconds: Of one core.
        seconds: By the clock.
        at_once: How many run at the same time.
        turn_seconds: How long one waits for a turn.
    """

    name: str
    memory_bytes: int
    computing_seconds: int
    seconds: int
    at_once: int
    turn_seconds: float


#: A delivery with all its files.
OF_A_DELIVERY = Allowance("deliveries", 2048 * MIB, 600, 1200, at_once=2, turn_seconds=30)
#: One photograph: sent with a form, or made small.
OF_A_PICTURE = Allowance("pictures", 1280 * MIB, 60, 180, at_once=2, turn_seconds=30)
