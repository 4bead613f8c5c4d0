"""Policy pilots as a knowledge graph, with the passage behind every fact."""

__version__ = "0.1.0"
