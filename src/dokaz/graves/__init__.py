"""Sites, graves, recovery units."""
