"""A mutation campaign: breaks the rules one at a time, and asks whether a test notices."""
