"""Validation where the data are: one SPARQL query for each check, over any Reader.

`scope` says in SPARQL which nodes a shape is about, `paths` which values they have, `filters` what certainly
conforms; the rows that are left come here and are judged by :mod:`pilotgraph.shacl.judge`, so that a store's own
idea of a literal decides nothing. `executor` puts the checks of a plan together; `sparql` runs sh:sparql for all
focus nodes at once.
"""
