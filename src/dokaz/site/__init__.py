"""Pages that belong to no one room: sign-in, overview, map, deliveries, custody, ledger."""
