"""A network as it is shown: with its title, what it holds and leaves out, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotgraph.errors import DatasetError
from pilotgraph.network.networks import cross_links, two_mode
from pilotgraph.network.options import ALL, NetworkOptions
from pilotgraph.network.projection import collapse, project
from pilotgraph.network.rows import slug
from pilotgraph.network.words import TITLES, WEIGHTS, say
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    import networkx as nx

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

_MODES = ("pilot", "organisation", "kind", "goal", "domain", "place")


@dataclass(frozen=True)
class View:
    """A network and what a reader must know of it.

    `graph` is what was asked for, with parallel links if it keeps kinds of cross-link apart; `simple` has one
    link for two nodes. `notes` are sentences about what is in and left out, `counts` says how much there is,
    `source` names the data set. `relation` and `projection` are those that were asked for.
    """

    graph: nx.Graph[str]
    simple: nx.Graph[str]
    relation: str
    projection: str
    title: str
    counts: str
    notes: tuple[str, ...]
    source: str
    issued: str
    language: str


def make_view(
    dataset: Dataset,
    reader: Reader,
    options: NetworkOptions | None = None,
    projection: str = "none",
    weighting: str = "count",
) -> View:
    """Make the network that `options` ask for, as it is or projected onto its pilots or actors.

    With the relation `all` it is that of the pilots with each other, one link per kind of cross-link. Raises
    DatasetError for a side, weighting or combination that does not exist.
    """
    options = options or NetworkOptions()
    if (options.relation, projection) not in TITLES:
        msg = f"{projection}: no such projection of the network {options.relation}; use none"
        raise DatasetError(msg)
    if options.relation == ALL:
        graph: nx.Graph[str] = cross_links(dataset, reader, options)
        simple = collapse(cross_links(dataset, reader, options))
    else:
        graph = two_mode(dataset, reader, options)
        simple = graph = graph if projection == "none" else project(graph, projection, weighting)
    title = TITLES[options.relation, projection][options.language]
    notes = tuple(_notes(graph, reader, options, projection, weighting))
    source = say(
        "source",
        options.language,
        title=dataset.title.get(options.language, ""),
        edition=dataset.edition,
        licence=dataset.licence,
    )
    graph.graph.update({"title": title, "description": " ".join(notes), "publisher": source})
    return View(
        graph,
        simple,
        options.relation,
        projection,
        title,
        counted(graph, options.language),
        notes,
        source,
        dataset.issued,
        options.language,
    )


def counted(graph: nx.Graph[str], language: str) -> str:
    """Say how many of what a network has: "34 pilots, 60 organisations, 110 links"."""
    modes = [data["mode"] for _, data in graph.nodes(data=True)]
    numbers = {mode: modes.count(mode) for mode in _MODES if mode in modes}
    parts = [
        f"1 {say(f'mode-{mode}', language)}" if number == 1 else say(f"modes-{mode}", language, number=number)
        for mode, number in numbers.items()
    ]
    links = graph.number_of_edges()
    return ", ".join([*parts, say("link" if links == 1 else "links", language, number=links)])


def _notes(graph: nx.Graph[str], reader: Reader, options: NetworkOptions, projection: str, weighting: str) -> list[str]:
    language = options.language
    found = []
    if options.relation in {"actor", ALL}:
        found.append(say("kinds" if options.kinds else "no-kinds", language))
        if options.left_out:
            labels = _role_labels(reader, language)
            roles = ", ".join(sorted(labels.get(role, role) for role in options.left_out))
            found.append(say("without", language, roles=roles))
    if options.sources:
        found.append(say("sources", language, sources=", ".join(sorted(options.sources))))
    if options.as_of:
        undated = sum(data["mode"] == "pilot" and not data["start"] + data["end"] for _, data in graph.nodes(data=True))
        found.append(say("as-of", language, date=options.as_of))
        found += [say("undated", language, number=undated)] if undated else []
    if options.relation == ALL:
        found.append(say("layers", language))
    elif projection != "none":
        found.append(WEIGHTS[weighting][language])
        if "strongest" in graph.graph:
            found.append(say("strongest", language, number=graph.graph["strongest"]))
    return found


def _role_labels(reader: Reader, language: str) -> dict[str, str]:
    query = "SELECT DISTINCT ?role ?label { ?claim pg:role ?role . ?role skos:prefLabel ?label }"
    return {
        slug(plain(row["role"])): plain(row["label"])
        for row in reader.select(with_prefixes(query))
        if getattr(row["label"], "language", "") == language
    }
