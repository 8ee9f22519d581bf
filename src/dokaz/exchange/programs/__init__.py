"""The files of other programs, and this one's own case files: one module a format."""
