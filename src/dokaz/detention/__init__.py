"""Places of detention: their rooms, searches with checklists, exhibits with their seals, traces."""
