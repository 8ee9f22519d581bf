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
def test_the_same_tests_pass_on_postgresql(postgresql_server):
    suites = [str(UNIT / suite) for suite in SUITES]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rp", "-p", "no:cacheprovider", "-p", "no:xdist", *suites],
        env=os.environ | {"DOKAZ_DATABASE": postgresql_server.url("dokaz_suites")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    for suite in SUITES:
        assert len(re.findall(rf"^PASSED tests/unit/{suite}/", run.stdout, re.MULTILINE)) >= 10, run.stdout
