"""Places of detention: rooms, searches with checklists, exhibits with seals, traces, and log books that two people read apart."""
