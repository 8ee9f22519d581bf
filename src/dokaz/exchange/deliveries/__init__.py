"""What teams deliver: one module a kind of delivery."""
