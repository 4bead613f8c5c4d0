"""Stores: SPARQL 1.1 over the graph, in memory or on disk."""
