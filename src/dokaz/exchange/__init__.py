"""Foreign formats, one module a format."""
