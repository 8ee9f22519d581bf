"""From a photographed page to entries: regions, readings with their marks, agreement, settlement, proposals of machines."""
