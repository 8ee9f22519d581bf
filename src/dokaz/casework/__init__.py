"""The Record every room builds on; acts; numbers; custody; people, roles, keys."""
