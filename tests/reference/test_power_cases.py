"""Exclusion power as other software computed them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from figures import needs_outside, outside

from dokaz.exchange.programs.case_reader import read_victims
from dokaz.kinship import KinshipFamily
from dokaz.kinship.power import exclusion_power

pytestmark = needs_outside


def family_of(path: Path) -> KinshipFamily:
    family = read_victims(path).families[0]
    return KinshipFamily(family.name, family.pedigree, family.missing, family.profiles)


@pytest.mark.parametrize("path", outside("ep_*.json"))
def test_exclusion_power_is_the_recorded_one(path: Path) -> None:
    case = json.loads(path.read_text())
    found = exclusion_power(family_of(path), case["missing"])
    np.testing.assert_allclose(found.per_marker, case["results"]["EPperMarker"], rtol=1e-8, atol=1e-12)
    assert found.total == pytest.approx(case["results"]["EPtotal"], rel=1e-8)
    assert found.expected_mismatches == pytest.approx(case["results"]["expectedMismatch"], rel=1e-8)
