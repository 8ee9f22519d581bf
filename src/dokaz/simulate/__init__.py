"""An invented investigation whose truth is known."""

from dokaz.simulate.writing import Progress, SimulatedFiles, simulate

__all__ = ["Progress", "SimulatedFiles", "simulate"]
