"""The whole graph for the dumps, read thing by thing: a list of all its quads would be most of what is in memory."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode, Quad, Store
from pyoxigraph import Dataset as Quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.store.base import Reader

Subject = NamedNode | BlankNode


class Whole:
    """All quads of a store, blank nodes named canonically (RDFC-1.0), and those about each thing.

    The canonical name of a blank node depends on the quads that name blank nodes only (RDFC-1.0, section 4.4), so that
    these alone are held here.
    """

    def __init__(self, reader: Reader) -> None:
        quads = reader.quads()
        self._store = quads if isinstance(quads, Store) else Store()
        if self._store is not quads:
            self._store.bulk_extend(quads)
        loose = Quads(quad for quad in self._store if _is_loose(quad))
        loose.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        self._loose: dict[Subject, list[Quad]] = defaultdict(list)
        for quad in loose:
            self._loose[_subject(quad)].append(quad)

    def __iter__(self) -> Iterator[Quad]:
        """All quads in canonical order, that of their lines in N-Quads."""
        for subject in sorted(self.subjects(), key=str):
            yield from self.about(subject)

    def graphs(self) -> list[str]:
        """The names of the graphs, sorted; the default graph, and any without an IRI, has none."""
        return sorted({graph_name(quad) for quad in self._store})

    def subjects(self, graph: str | None = None) -> set[Subject]:
        """The things of which something is said, in one graph or in any."""
        found = {_subject(quad) for quad in self._firm(None, graph)}
        loose = {s for s, quads in self._loose.items() if graph is None or any(graph_name(q) == graph for q in quads)}
        return found | loose

    def about(self, subject: Subject, graph: str | None = None) -> list[Quad]:
        """What is said of a thing, in one graph or in any, in canonical order."""
        firm = () if isinstance(subject, BlankNode) else self._firm(subject, graph)
        loose = [q for q in self._loose.get(subject, ()) if graph is None or graph_name(q) == graph]
        return sorted([*firm, *loose], key=str)

    def _firm(self, subject: NamedNode | None, graph: str | None) -> Iterator[Quad]:
        """What is said without blank nodes."""
        found = self._store.quads_for_pattern(subject, None, None, NamedNode(graph) if graph else None)
        if graph == "":
            found = (quad for quad in found if not graph_name(quad))
        return (quad for quad in found if not _is_loose(quad)) if self._loose else found


def graph_name(quad: Quad) -> str:
    """The IRI of a quad's graph, empty if it has none."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _subject(quad: Quad) -> Subject:
    subject = quad.subject
    assert isinstance(subject, NamedNode | BlankNode)  # noqa: S101 - RDF 1.1 has no other
    return subject


def _is_loose(quad: Quad) -> bool:
    return any(isinstance(node, BlankNode) for node in (quad.subject, quad.object, quad.graph_name))
