"""How far the best model's number moves when people are drawn anew and the model is chosen anew each time.

The interval of a chosen model takes the model as known. Which model is best hangs on the counts as well, so a
bootstrap that repeats the choice is wider, often by much; it is the fairer one.

Source: Silverman, Chan & Vincent 2024, Bootstrapping multiple systems estimates to account for model selection,
    Statistics and Computing 34.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from dokaz.errors import NotEstimable
from dokaz.estimate.hierarchical_models import Term
from dokaz.estimate.loglinear import loglinear_models
from dokaz.estimate.overlaps import OverlapTable

#: More draws without a finite estimate than this make the interval one of other tables.
_MOST_WITHOUT = 0.05


@dataclass(frozen=True)
class Resampled:
    """Sizes that the best model gives when everything is done anew.

    Attributes:
        low: The 2.5 % quantile.
        high: The 97.5 % quantile.
        draws: How many tables were drawn.
        without_estimate: For how many no model had a finite estimate; they are left out.
        models: How many different models were best.
    """

    low: float
    high: float
    draws: int
    without_estimate: int
    models: int


def resample(
    table: OverlapTable,
    *,
    draws: int = 200,
    seed: int = 1,
    always: Iterable[Term] = (),
    progress: Callable[[int, int], object] | None = None,
) -> Resampled:
    """Draw the observed people anew, with replacement; fit all models; take the best.

    Args:
        draws: How many tables.
        seed: Of the random numbers; the same one gives the same answer.
        always: Interactions that every model has.
        progress: Told how many draws of how many are done.

    Raises:
        NotEstimable: the table allows no estimate; more than one draw in twenty gave none.
    """
    table.must_be_estimable()
    always = tuple(always)
    rng = np.random.default_rng(seed)
    shares = table.counts / table.observed
    sizes, models = [], set()
    for done in range(draws):
        drawn = OverlapTable(table.lists, rng.multinomial(table.observed, shares), table.impossible)
        try:
            best = loglinear_models(drawn, always=always).best
        except NotEstimable:
            continue
        else:
            sizes.append(best.n)
            models.add(best.model)
        finally:
            if progress is not None:
                progress(done + 1, draws)
    without = draws - len(sizes)
    if without > _MOST_WITHOUT * draws:
        raise NotEstimable(f"{without} of {draws} tables that were drawn anew have no finite estimate by any model")
    low, high = np.quantile(sizes, [0.025, 0.975])
    return Resampled(float(low), float(high), draws, without, len(models))
