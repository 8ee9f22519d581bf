"""Puts the builder of the verifier's tests where the forgeries import it from, and this folder's own modules."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "verifier" / "tests")]
