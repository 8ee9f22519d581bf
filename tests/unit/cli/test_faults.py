"""What the machine could not do is said in words, with what to do next; a fault of the program keeps its traceback."""

from __future__ import annotations

from dokaz.cli.faults import in_words
from dokaz.errors import MachineFault


def test_memory_that_ended_is_a_fault_of_the_machine() -> None:
    said = in_words(MemoryError())
    assert isinstance(said, MachineFault)
    assert said.what == "there is not enough memory"
    assert "nothing is half filed" in said.next_step


def test_a_fault_of_the_program_is_not_put_into_words() -> None:
    assert in_words(KeyError("surname")) is None
