"""Joint identification: all remains against all missing persons at once."""
