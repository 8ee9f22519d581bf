"""Places of detention: rooms, searches with checklists, exhibits with seals, traces, log books that two read apart."""
