"""An invented investigation whose truth is known."""

from dokaz.simulate.writing import Progress, Written, simulate

__all__ = ["Progress", "Written", "simulate"]
