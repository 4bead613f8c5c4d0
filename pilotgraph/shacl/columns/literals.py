"""Forms of literals that are well formed at a glance, and compare without asking rdflib."""

from __future__ import annotations

from pilotgraph.terms import PREFIXES

_XSD = PREFIXES["xsd"]
_DATE = "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
# Of each datatype the forms that are well formed at a glance.
CERTAIN = {
    _XSD + "integer": "(?:0|-?[1-9][0-9]{0,17})",
    _XSD + "nonNegativeInteger": "(?:0|[1-9][0-9]{0,17})",
    _XSD + "positiveInteger": "[1-9][0-9]{0,17}",
    _XSD + "decimal": r"(?:0|-?[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?",
    _XSD + "boolean": "(?:true|false)",
    _XSD + "date": _DATE,
    _XSD + "gYear": "[12][0-9]{3}",
    _XSD + "gYearMonth": "[12][0-9]{3}-(?:0[1-9]|1[0-2])",
    _XSD + "dateTime": _DATE + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
}
