"""The logarithm of the gamma function for arrays."""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

#: Coefficients of Stirling's series: 1/12, −1/360, 1/1260, −1/1680, 1/1188.
_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
#: From here on five terms of the series are exact to the last digits.
_LARGE = 12.0


def log_gamma(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each number, all above zero; within 1e-13 of ``math.lgamma``, relative to it.

    Source: Abramowitz & Stegun 1964, equation 6.1.40.
    """
    found = np.empty(x.shape)
    large = x >= _LARGE
    y = x[large]
    series = sum(c / y ** (2 * k + 1) for k, c in enumerate(_SERIES))
    found[large] = (y - 0.5) * np.log(y) - y + 0.5 * log(2 * pi) + series
    found[~large] = [lgamma(each) for each in x[~large].tolist()]
    return found
