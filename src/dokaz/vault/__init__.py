"""Files by content: a local directory."""
