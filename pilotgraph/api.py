"""The Python API: open a data set, ask it, take it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotgraph.answers import Passage, add_evidence, proofs_of, take
from pilotgraph.dataset import Dataset
from pilotgraph.load import open_cached
from pilotgraph.network.options import NetworkOptions
from pilotgraph.queries import bind, find_query, library, parse_query
from pilotgraph.terms import PREFIXES, Term

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Unpack

    import networkx as nx
    import pandas as pd
    import polars as pl
    import rdflib

    from pilotgraph.answers import Table
    from pilotgraph.network.options import Choices
    from pilotgraph.network.view import View

_WHOLE = {PREFIXES["xsd"] + "integer"}
_REAL = {PREFIXES["xsd"] + name for name in ("decimal", "double", "float")}


@dataclass(frozen=True)
class Picture:
    """A picture as SVG text, which a notebook shows."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


class PilotGraph:
    """A data set that answers questions.

    >>> import pilotgraph
    >>> g = pilotgraph.open()
    >>> len(g.rows("SELECT ?pilot { ?pilot a pg:Pilot }"))
    34
    >>> sorted(g.network().nodes(data="mode"))[0][1] in {"pilot", "organisation", "kind"}
    True
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._reader = open_cached(dataset)

    def questions(self, language: str = "en") -> dict[str, str]:
        """The named questions: name and what each answers.

        >>> import pilotgraph
        >>> "pilots-by-place" in pilotgraph.open().questions()
        True
        """
        return {query.name: query.say("summary", language) for query in library(self.dataset)}

    def rows(self, query: str, language: str = "en", **parameters: str) -> list[dict[str, Any]]:
        """Answer a named question or a SPARQL SELECT query, as dictionaries of plain Python values.

        IRIs and texts become `str`, whole numbers `int`, other numbers `float`, what is unbound `None`.
        Raises DatasetError for an unknown question or parameter, SourceError for a syntax error.

        >>> import pilotgraph
        >>> g = pilotgraph.open()
        >>> g.rows("SELECT (COUNT(?p) AS ?n) { ?p a pg:Programme }")
        [{'n': 3}]
        """
        table = self._table(query, language, parameters)
        return [dict(zip(table.variables, map(_value, row), strict=True)) for row in table.rows]

    def evidence(self, query: str, language: str = "en", **parameters: str) -> list[list[Passage]]:
        """The passages that carry each row of an answer, in the order of the rows.

        >>> import pilotgraph
        >>> g = pilotgraph.open()
        >>> passages = g.evidence("SELECT ?claim { ?claim a pg:Funding ; pg:about ?p } ORDER BY ?claim LIMIT 1")
        >>> passages[0][0].source
        'pilotoverzicht-2022'
        """
        text = self._text(query, language, parameters)
        table = take(self._reader.select(text))
        add_evidence(table, self._reader, language, proofs_of(table, text, self._reader, self.dataset))
        return table.passages

    def frame(self, query: str, language: str = "en", **parameters: str) -> pd.DataFrame | pl.DataFrame:
        """Answer a question as a pandas frame, or a polars one if only polars is installed.

        Raises ImportError if neither is.

        >>> import pilotgraph
        >>> list(pilotgraph.open().frame("SELECT (1 AS ?one) {}").columns)
        ['one']
        """
        rows = self.rows(query, language, **parameters)
        try:
            import pandas as pd  # noqa: PLC0415 - optional
        except ImportError:
            import polars as pl  # noqa: PLC0415 - optional

            return pl.DataFrame(rows)
        return pd.DataFrame(rows)

    def rdflib(self) -> rdflib.Dataset:
        """The whole graph as an rdflib Dataset, with its named graphs.

        >>> import pilotgraph
        >>> len(pilotgraph.open().rdflib()) > 10_000
        True
        """
        import rdflib  # noqa: PLC0415 - takes a third of a second to import
        from pyoxigraph import RdfFormat, Triple, serialize  # noqa: PLC0415

        by_graph: dict[str, list[Triple]] = {}
        for quad in self._reader.quads():
            triple = Triple(quad.subject, quad.predicate, quad.object)
            by_graph.setdefault(str(quad.graph_name).strip("<>"), []).append(triple)
        dataset = rdflib.Dataset(default_union=True)
        for name, triples in sorted(by_graph.items()):
            content = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            dataset.graph(rdflib.URIRef(name)).parse(data=content, format="nt")
        return dataset

    def network(
        self, language: str = "en", *, projection: str = "none", weighting: str = "count", **choices: Unpack[Choices]
    ) -> nx.Graph[str]:
        """The network of pilots and actors, or another: as it is, or projected onto its pilots or actors.

        `choices` are those of :class:`pilotgraph.network.NetworkOptions`: relation, kinds, without_roles, funders,
        sources, as_of. Raises DatasetError for what does not exist.

        >>> import pilotgraph
        >>> g = pilotgraph.open()
        >>> sum(mode == "pilot" for _, mode in g.network().nodes(data="mode"))
        34
        >>> len(g.network(relation="goal", projection="actor"))
        16
        """
        return self._view(NetworkOptions.of(language, choices), projection, weighting).graph

    def picture(
        self, language: str = "en", *, projection: str = "none", weighting: str = "count", **choices: Unpack[Choices]
    ) -> Picture:
        """A network as a still picture; it shows itself in a notebook. Takes what :meth:`network` takes.

        >>> import pilotgraph
        >>> pilotgraph.open().picture(relation="place", language="nl").svg[:5]
        '<svg '
        """
        from pilotgraph.pages.picture import picture_svg  # noqa: PLC0415 - jinja is heavy

        return Picture(picture_svg(self._view(NetworkOptions.of(language, choices), projection, weighting)))

    def _view(self, options: NetworkOptions, projection: str, weighting: str) -> View:
        from pilotgraph.network.view import make_view  # noqa: PLC0415 - networks need networkx

        return make_view(self.dataset, self._reader, options, projection, weighting)

    def _text(self, query: str, language: str, parameters: dict[str, str]) -> str:
        free = "{" in query
        found = parse_query(query, "query") if free else find_query(self.dataset, query)
        return bind(found, parameters, self.dataset, self._reader, language)

    def _table(self, query: str, language: str, parameters: dict[str, str]) -> Table:
        return take(self._reader.select(self._text(query, language, parameters)))


def open(dataset: Path | str | None = None) -> PilotGraph:  # noqa: A001 - pilotgraph.open() reads best
    """Open a data set by its folder, or the one that pilotgraph carries.

    >>> import pilotgraph
    >>> pilotgraph.open().dataset.edition
    '0.2.0'
    """
    return PilotGraph(Dataset.open(dataset))


def _value(node: Term | None) -> Any:  # noqa: ANN401 - a plain value of several types
    if node is None:
        return None
    text = getattr(node, "value", str(node))
    datatype = getattr(getattr(node, "datatype", None), "value", "")
    if datatype in _WHOLE:
        return int(text)
    return float(text) if datatype in _REAL else text
