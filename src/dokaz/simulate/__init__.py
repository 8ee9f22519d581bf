"""An invented investigation whose truth is known."""
