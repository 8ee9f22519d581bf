"""Types of the arrays that the engine passes around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
#: Positions of alleles in a marker's list; -1: none.
AlleleArray = npt.NDArray[np.int16]
