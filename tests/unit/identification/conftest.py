"""One unit and one missing person, whom the rules of identification are about."""

import pytest
from casebook import missing, units


@pytest.fixture
def unit(house):
    return units(house)[0]


@pytest.fixture
def person(house):
    return missing(house, "Андрій")[0]
