"""What the tests of the rooms hold on SQLite, they hold on PostgreSQL too."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1]
# Whatever could hang on the database: filing and waiting for one's turn, values read back, checking and rebuilding, custody
# and sessions, and what looks into lists and other records: searches, requirements, reviews, bundles. Forms, pages and
# arguments that are refused before anything is asked of a database are left to SQLite.
SUITES = {
    "casework": "checking computed_before_the_filing custody custody_without_dead_ends filed_not_published filing "
    "honest_filings log_key sessions_of_work two_administrators waiting_for_ones_turn",
    "identification": "exclusions laying_and_ties releases_and_returns revocation_and_release two_signatures "
    "what_is_searched what_speaks_against",
    "court": "bundles who_is_withheld",
}


@pytest.mark.postgresql
@pytest.mark.skipif("DOKAZ_DATABASE" in os.environ, reason="this run is on PostgreSQL already")
def test_the_same_tests_pass_on_postgresql(postgresql_server):
    files = [str(UNIT / room / f"test_{name}.py") for room, names in SUITES.items() for name in names.split()]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rp", "-p", "no:cacheprovider", "-p", "no:xdist", *files],
        env=os.environ | {"DOKAZ_DATABASE": postgresql_server.url("dokaz_suites")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    for room in SUITES:
        assert len(re.findall(rf"^PASSED tests/unit/{room}/", run.stdout, re.MULTILINE)) >= 10, run.stdout
