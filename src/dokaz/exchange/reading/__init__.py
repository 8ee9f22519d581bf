"""Bytes to cells, rows and values: the parts that every reader of a file is made of."""
