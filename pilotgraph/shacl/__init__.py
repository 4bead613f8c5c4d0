"""SHACL compiled once into a plan of checks, with two executors and one oracle.

`compile` reads shapes into a `Plan`; `columns` runs it over dictionary-encoded columns, `endpoint` with one
query a check over any store, and `reference` is pySHACL, which decides what is right. `engine` chooses.
"""
