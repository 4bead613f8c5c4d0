"""A live SPARQL endpoint and linked data: SPARQL 1.1 Protocol, Graph Store Protocol for reading, pages."""
