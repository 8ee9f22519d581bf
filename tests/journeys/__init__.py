"""What people do with Dokaz, on its command line and in a real browser."""
