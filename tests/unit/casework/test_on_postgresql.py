"""What the tests of the rooms hold on SQLite, they hold on PostgreSQL too."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1]
# Everything whose meaning could hang on the database: filing, checking, rebuilding, the rules, the bundle.
SUITES = ("casework", "identification", "court")


@pytest.mark.postgresql
@pytest.mark.skipif("DOKAZ_DATABASE" in os.environ, reason="this run is on PostgreSQL already")
@pytest.mark.parametrize("suite", SUITES)
def test_the_same_tests_pass_on_postgresql(postgresql_server, suite):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", str(UNIT / suite)],
        env=os.environ | {"DOKAZ_DATABASE": postgresql_server.url(f"dokaz_{suite}")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed, run.stdout
    assert int(passed[1]) >= 10, run.stdout
