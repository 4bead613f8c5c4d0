"""Rows and triples into pages."""
