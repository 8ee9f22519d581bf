"""What others sent is read in a process that can be filled, hung and crashed without anybody else noticing."""

from __future__ import annotations

import collections
import copyreg
import functools
import io
import itertools
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.core.internal.ratelimit import Rate
from pagebook import flat_png
from PIL import Image

from dokaz.casework import answers
from dokaz.casework.apart import _starter, apart
from dokaz.errors import BadFile, ReadersBusy, sentence
from dokaz.exchange.reading.limits import MIB, Allowance
from dokaz.exchange.reading.photographs import read_photograph
from dokaz.ledger.durable import write_whole
from dokaz.pages.thumbnails import SIDE_PX, _small

SMALL = Allowance("tests", 128 * MIB, computing_seconds=20, seconds=20, at_once=2, turn_seconds=20)


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """``read(function, …)``: called in a process of its own."""

    def called(work: Any, *given: Any, **fields: Any) -> Any:
        return apart(work, *given, within=replace(SMALL, **fields), turns=tmp_path / "turns", file="sent.bin")

    return called


def assert_refused_with(attempt: Any, words: str) -> None:
    """The sender is told in a sentence which limit it was, and what to do; and the next file is read."""
    with pytest.raises(BadFile) as refused:
        attempt()
    assert words in str(refused.value)
    assert refused.value.file == "sent.bin"
    assert "cut it into smaller ones" in refused.value.next_step


def test_what_a_function_gives_or_refuses_comes_back(read: Any) -> None:
    assert read(sorted, [3, 1, 2]) == [1, 2, 3]
    with pytest.raises(BadFile) as refused:
        read(read_named, b"GIF89a")
    assert refused.value.what.template == "{place}: {problem}{found}"
    assert refused.value.problem == "not a JPEG or PNG"
    assert (refused.value.file, refused.value.value) == ("a.jpg", "47 49 46 38 39 61")


#: ``read_photograph`` takes the name of the file by keyword only.
read_named = functools.partial(read_photograph, file="a.jpg")


def test_a_picture_that_unfolds_beyond_the_memory_ends_its_reader_alone(read: Any, tmp_path: Path) -> None:
    picture = flat_png(6500)
    assert len(picture) < MIB
    assert_refused_with(lambda: read(read_named, picture), "more than the 128 MB of memory")
    (tmp_path / "kept.png").write_bytes(picture)
    assert_refused_with(lambda: read(_small, tmp_path / "kept.png", SIDE_PX), "more than the 128 MB of memory")
    assert read(read_named, flat_png(100)).width == 100


def test_a_small_copy_never_holds_the_picture_twice(read: Any, tmp_path: Path) -> None:
    (tmp_path / "kept.png").write_bytes(flat_png(6000))
    one_whole = 4 * 6000 * 6000
    small = read(_small, tmp_path / "kept.png", SIDE_PX, memory_bytes=int(1.5 * one_whole))
    assert Image.open(io.BytesIO(small)).size == (520, 520)


def test_memory_that_a_function_asks_for_is_refused_to_it(read: Any) -> None:
    assert_refused_with(lambda: read(bytes, 300 * MIB), "more than the 128 MB of memory")


def test_a_computation_without_end_is_ended_though_it_never_returns_to_python(read: Any) -> None:
    forever, limits = (
        itertools.count(),
        {"computing_seconds": 1, "seconds": 120},
    )  # a busy machine takes long to compute 1 s
    assert_refused_with(lambda: read(collections.deque, forever, 0, **limits), "more than the 1 seconds of computing")


def test_a_reader_that_only_waits_is_ended_by_the_clock(read: Any) -> None:
    assert_refused_with(lambda: read(time.sleep, 60, seconds=1), "longer than the 1 seconds")


@pytest.mark.parametrize("work", [os.abort, signal.raise_signal])
def test_a_decoder_that_crashes_is_told_as_such(read: Any, work: Any) -> None:
    given = [] if work is os.abort else [signal.SIGSEGV]
    assert_refused_with(lambda: read(work, *given), "crashed")


def test_an_error_of_the_reader_itself_is_a_sentence_and_a_line_in_the_journal(read: Any, capfd: Any) -> None:
    _starter.end()  # the next one writes to the journal of this test
    assert_refused_with(lambda: read(int, "x"), "crashed")
    assert "ValueError: invalid literal" in capfd.readouterr().err


def test_a_file_that_is_written_without_end_is_cut_off(read: Any, tmp_path: Path) -> None:
    # copying a device that never ends: one gets as many bytes onto the disk as one may hold in memory
    assert_refused_with(lambda: read(shutil.copyfile, "/dev/zero", str(tmp_path / "endless")), "crashed")
    assert (tmp_path / "endless").stat().st_size <= 128 * MIB


def test_only_so_many_read_at_once_and_whoever_waits_too_long_is_told(tmp_path: Path) -> None:
    within = replace(SMALL, at_once=1, turn_seconds=0.2)
    slow = threading.Thread(
        target=apart, args=(time.sleep, 2), kwargs={"within": within, "turns": tmp_path, "file": "slow"}
    )
    slow.start()
    while not (tmp_path / "tests-0.turn").exists():
        time.sleep(0.01)
    time.sleep(0.1)
    with pytest.raises(ReadersBusy) as busy:
        apart(sorted, [1], within=within, turns=tmp_path, file="late")
    assert "do it again" in busy.value.next_step
    slow.join()
    assert apart(sorted, [1], within=within, turns=tmp_path, file="next") == [1]


def test_a_reader_is_given_neither_store_nor_database_nor_passphrase(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOKAZ_PASSPHRASE", "a sentence only she knows")
    monkeypatch.setenv("DOKAZ_DATABASE", "postgresql://dokaz:secret@/dokaz")
    _starter.end()  # the next question starts it with this environment
    assert read(os.getenv, "DOKAZ_PASSPHRASE") is None
    assert read(os.getenv, "DOKAZ_DATABASE") is None
    assert read(os.getenv, "DOKAZ_STORE") == os.devnull
    _starter.end()


def test_a_starter_that_was_killed_is_replaced(read: Any) -> None:
    assert read(sorted, [1]) == [1]
    assert _starter._process is not None
    first = _starter._process.pid
    os.kill(first, signal.SIGKILL)
    _starter._process.wait()
    assert read(sorted, [1]) == [1]
    assert _starter._process.pid != first


def test_nothing_goes_on_reading_for_somebody_who_was_killed(tmp_path: Path) -> None:
    """The keeper notices; no process of a killed command or server worker stays."""
    asks = (
        "import sys, time; from pathlib import Path; from dokaz.casework.apart import apart;"
        "from dokaz.exchange.reading.limits import OF_A_DELIVERY;"
        "apart(time.sleep, 600, within=OF_A_DELIVERY, turns=Path(sys.argv[1]), file='x')"
    )
    asking = subprocess.Popen([sys.executable, "-c", asks, str(tmp_path)])
    try:
        readers = _wait_for(lambda: found if len(found := _below(asking.pid)) == 3 else None)
    finally:
        asking.kill()
        asking.wait()
    assert _wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in readers))


def _below(pid: int) -> list[int]:
    """Starter, keeper and reader, each the child of the one before."""
    found: list[int] = []
    while True:
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except FileNotFoundError:
            return found
        if not children:
            return found
        pid = int(children[-1])
        found.append(pid)


def _wait_for(found: Any) -> Any:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("it did not come to that within thirty seconds")


# --- the form of an answer ------------------------------------------------------------------------------------------------


class _Acts:
    """What a reader that was taken over would like its caller to do."""

    def __init__(self, *names: Any) -> None:
        self.names = names

    def __reduce__(self) -> Any:
        return self.names


@pytest.mark.parametrize(
    "does",
    [
        (os.system, ("touch {}",)),
        (eval, ("open({!r}, 'w')",)),
        (getattr, ("x", "upper")),
        (subprocess.Popen, (["touch", "{}"],)),
        (Path.touch, (Path("x"),)),
        (Rate, (1, 2, "ip")),
        (write_whole, (Path("x"), b"")),
        (copyreg._reconstructor, (object, object, None)),
    ],
    ids=lambda does: getattr(does[0], "__qualname__", str(does[0])),
)
def test_an_answer_that_would_act_is_refused(does: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with tempfile.TemporaryFile() as file:
        file.write(pickle.dumps((_Acts(*does), None), protocol=4))
        file.seek(0)
        with pytest.raises(pickle.UnpicklingError, match="no value"):
            answers.read(file)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_must_be_one(tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as file:
        pickle.dump((None, "no"), file)
        file.seek(0)
        with pytest.raises(pickle.UnpicklingError):
            answers.read(file)


def test_values_come_back_as_they_were() -> None:
    import datetime as dt
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    import numpy as np

    from dokaz.casework.roles import Role
    from dokaz.exchange.reading.rows import Row

    values = [
        Row("a.csv", 3, {"x": "ї"}, {}),
        Decimal("1.50"),
        dt.datetime(2026, 5, 4, tzinfo=ZoneInfo("Europe/Kyiv")),
        Role.SCENE,
        sentence("no {what}", what=sentence("grave")),
        {("a", 1): frozenset({"b"})},
    ]
    with tempfile.TemporaryFile() as file:
        answers.write(file, [values, np.arange(6, dtype=np.float32).reshape(2, 3)], None)
        file.seek(0)
        (back, array), refused = answers.read(file)
    assert (back, refused) == (values, None)
    assert [type(one) for one in back] == [type(one) for one in values]
    assert back[4].template == "no {what}"
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert array.dtype == np.float32


def test_an_error_of_a_library_comes_back_as_what_it_says() -> None:
    error = BadFile(sentence("the picture is damaged ({error})", error=OSError("broken data stream")), file="a.jpg")
    with tempfile.TemporaryFile() as file:
        answers.write(file, None, error)
        file.seek(0)
        _, back = answers.read(file)
    assert str(back) == str(error)
    assert type(back) is BadFile


def test_a_small_copy_stands_upright_and_says_nothing(tmp_path: Path, read: Any) -> None:
    picture = Image.new("RGB", (3000, 1500), "white")
    picture.paste("black", (0, 0, 1500, 1500))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    exif[0x010E] = "Secret"
    picture.save(tmp_path / "turned.jpg", exif=exif)
    small = Image.open(io.BytesIO(read(_small, tmp_path / "turned.jpg", SIDE_PX)))
    assert small.size == (260, 520)
    assert (small.getpixel((130, 20)), small.getpixel((130, 500))) == ((0, 0, 0), (255, 255, 255))
    assert not small.getexif()
