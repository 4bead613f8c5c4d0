"""Validation over columns: terms are numbers, each predicate two arrays, each check a few operations on them.

`read` turns files into columns, `terms` is the dictionary between numbers and terms, `paths` finds value nodes,
`values` judges distinct terms, `executor` puts the checks of a plan together. What a literal means is decided by
:mod:`pilotgraph.shacl.judge`, except for the forms that are certain at a glance.
"""

from pilotgraph.shacl.columns.executor import NeedsReferenceError, run
from pilotgraph.shacl.columns.read import Columns

__all__ = ["Columns", "NeedsReferenceError", "run"]
