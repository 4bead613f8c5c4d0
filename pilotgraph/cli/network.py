"""`pilotgraph network`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.folders import new_folder
from pilotgraph.cli.options import (
    dataset_option,
    format_option,
    lang_option,
    open_reader,
    output_option,
    pick_format,
    quiet_option,
    refuse_existing,
    source_options,
    write,
)
from pilotgraph.network.measures import MEASURES, WHOLE
from pilotgraph.network.options import FUNDING_ROLES, RELATIONS
from pilotgraph.network.projection import ONTO, WEIGHTINGS
from pilotgraph.network.tables import DEFAULT_MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.decorators import FC

    from pilotgraph.dataset import Dataset
    from pilotgraph.network import NetworkOptions
    from pilotgraph.network.measures import Measure, Whole
    from pilotgraph.network.view import View
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

FORMATS = ("table", "csv", "json", "graphml", "gexf", "dot", "cytoscape", "html", "svg", "png", "explorer")
_CLUSTER_FORMATS = ("table", "json")
_ROWS = ("table", "csv")
_PICTURES = ("html", "svg", "png", "explorer")


def which_network(function: FC) -> FC:
    """Add the options that say what the network holds."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS: tuple[Callable[[FC], FC], ...] = (
    click.option(
        "--relation",
        type=click.Choice(RELATIONS),
        default="actor",
        show_default=True,
        help="What the pilots are linked to; all: pilots with each other, by every kind of cross-link.",
    ),
    click.option(
        "--projection",
        type=click.Choice(["none", *ONTO]),
        default="none",
        show_default=True,
        help="Link pilots by what they share, or (actor) what they are linked to by shared pilots.",
    ),
    click.option(
        "--weighting",
        type=click.Choice(list(WEIGHTINGS)),
        default="count",
        show_default=True,
        help="Weight of what is shared: 1; divided over the others who have it; or by rarity, in bits.",
    ),
    click.option(
        "--kinds/--no-kinds",
        default=False,
        show_default=True,
        help="With professional groups and kinds of organisation.",
    ),
    click.option("--without", multiple=True, metavar="ROLE", help="Leave out a role, such as consulted; repeatable."),
    click.option("--without-funders", is_flag=True, help=f"Leave out the roles {', '.join(sorted(FUNDING_ROLES))}."),
    click.option("--source", "sources", multiple=True, metavar="SLUG", help="Only what this source says; repeatable."),
    click.option("--as-of", metavar="DATE", help="Without pilots that had not begun or had ended, say 2021-06-30."),
)


@click.command("network")
@which_network
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="A measure to show; repeatable.")
@click.option("--list", "list_", is_flag=True, help="Explain the measures.")
@click.option("--links", is_flag=True, help="As table or CSV: the links, not the things.")
@click.option("--evidence", is_flag=True, help="With --links: add the passages that carry each link.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N rows (table only).")
@click.option("--clusters", is_flag=True, help="Tell which groups of pilots there are, and how sure that is.")
@click.option("--report", is_flag=True, help="Write the page on cross-links and clusters, as Markdown.")
@format_option(FORMATS, "table")
@output_option
@click.option("--html", metavar="FILE", help="The same as --format html --output FILE.")
@source_options
@dataset_option
@lang_option
@quiet_option
def command(
    relation: str,
    projection: str,
    weighting: str,
    without: tuple[str, ...],
    sources: tuple[str, ...],
    as_of: str | None,
    measures: tuple[str, ...],
    limit: int | None,
    format_: str | None,
    output: str | None,
    html: str | None,
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    lang: str,
    *,
    kinds: bool,
    without_funders: bool,
    list_: bool,
    links: bool,
    evidence: bool,
    clusters: bool,
    report: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Measure, draw and export the network of pilots and what links them.

    Without more, a table of pilots and organisations: the number of links, how often each lies between others,
    and into how many more pieces the network would fall without it. --list explains all measures.

    A format can be: table or csv; json (networkx), graphml, gexf (Gephi), dot (Graphviz), cytoscape; svg or png, a
    picture for a report; html, a quick look at who takes part; explorer, one page to search, filter and ask why.

    A professional group in two pilots is not one actor, so groups are left out unless you add --kinds. One body
    that pays for many pilots links them all: --without-funders shows what is left without it.

    \b
    Examples:
      pilotgraph network --limit 10
      pilotgraph network --projection pilot --weighting newman --links --evidence --limit 5
      pilotgraph network --relation goal --measure degree --measure pagerank
      pilotgraph network --without-funders --clusters
      pilotgraph network -o build/network.graphml
      pilotgraph network --without-funders --lang nl -o build/netwerk.svg
      pilotgraph network --format explorer -o build/explorer.html
      pilotgraph network --report --lang nl -o build/dwarsverbanden.md
    """
    from pilotgraph.network import NetworkOptions, check_roles, check_sources
    from pilotgraph.network.measures import find_measure
    from pilotgraph.progress import Bar

    if list_:
        write(_explained(lang), output, force=force)
        return
    chosen, target = ("md", output) if report else _format(format_, output, html)
    _check_call(chosen, relation, projection, measures, links=links, evidence=evidence, clusters=clusters)
    for name in measures:
        find_measure(name)
    reader = open_reader(dataset, store, endpoint)
    check_roles(without, reader)
    check_sources(sources, dataset)
    options = NetworkOptions(
        relation=relation,
        kinds=kinds,
        without_roles=frozenset(without),
        funders=not without_funders,
        sources=frozenset(sources),
        as_of=as_of,
        language=lang,
    )
    whole = NetworkOptions(language=lang) == options and (projection, weighting) == ("none", "count")
    if (report or chosen == "explorer") and not whole:
        msg = f"{'the report' if report else 'the explorer'} holds every network; leave out the options that choose one"
        raise click.UsageError(msg)
    if report or clusters or chosen == "explorer":
        with Bar(quiet=quiet) as bar:
            if report:
                from pilotgraph.network.report import cross_links_page

                content = cross_links_page(dataset, reader, lang, bar)
            elif clusters:
                content = _clusters(dataset, reader, options, chosen, bar)
            else:
                content = _explorer(dataset, reader, lang, target, bar, force=force)
        write(content, target, force=force)
        return
    from pilotgraph.network.tables import told
    from pilotgraph.network.view import make_view

    with Bar(quiet=quiet) as bar:
        bar("reading the network", 0, 0)
        view = make_view(dataset, reader, options, projection, weighting)
        if links or chosen in _ROWS:
            names = () if links else measures or DEFAULT_MEASURES
            made = _rows(view, dataset, reader, names, chosen, limit, target, bar, evidence=evidence)
        else:
            names = measures
            made = _drawn(view, chosen, names)
    write(made, target, force=force)
    if not quiet:
        click.echo(" ".join([f"{view.counts}; {told(view)}.", *view.notes]), err=True)
        for name in dict.fromkeys(names):
            click.echo(f"{name}: {MEASURES[name].sentence[lang]}", err=True)


def _format(format_: str | None, output: str | None, html: str | None) -> tuple[str, str | None]:
    """The format, and where to write."""
    if html is not None:
        if output is not None or format_ not in {None, "html"}:
            raise click.UsageError("--html FILE stands for --format html --output FILE; give one of the two")  # noqa: EM101, TRY003
        return "html", html
    if format_ is None and output and output.lower().endswith(".cyjs"):
        return "cytoscape", output
    return pick_format(format_, output, FORMATS, "table"), output


def _check_call(
    chosen: str,
    relation: str,
    projection: str,
    measures: tuple[str, ...],
    *,
    links: bool,
    evidence: bool,
    clusters: bool,
) -> None:
    """Refuse what does not go together."""
    if links and chosen not in _ROWS:
        msg = f"--links is for table and csv; {chosen} holds the links anyway"
    elif measures and (links or clusters or chosen in _PICTURES):
        msg = (
            "--measure is for the table of things and the exports; it goes with none of --links, --clusters, a picture"
        )
    elif evidence and not links:
        msg = "--evidence is for --links: the passages carry links"
    elif clusters and chosen not in _CLUSTER_FORMATS:
        msg = f"--clusters gives a table or json, not {chosen}"
    elif clusters and projection != "none":
        msg = "--clusters works on the network itself; leave out --projection"
    elif chosen == "html" and (relation, projection) != ("actor", "none"):
        msg = "the format html draws who takes part in which pilot; for another network use svg, png or explorer"
    elif relation == "all" and projection == "actor":
        msg = "--relation all links pilots with each other: there is nothing else to project onto"
    else:
        return
    raise click.UsageError(msg)


def _rows(
    view: View,
    dataset: Dataset,
    reader: Reader,
    measures: tuple[str, ...],
    chosen: str,
    limit: int | None,
    output: str | None,
    progress: Tell,
    *,
    evidence: bool,
) -> str | bytes:
    from pilotgraph import answers
    from pilotgraph.network.tables import add_passages, link_table, node_table
    from pilotgraph.terminal import window_width

    table = node_table(view, measures, progress) if measures else link_table(view)
    if evidence:
        add_passages(table, reader, view.language)
    width = None if output or sys.stdout is None else window_width()
    return answers.render(table, chosen, dataset.base, evidence=evidence, width=width, limit=limit)


def _drawn(view: View, chosen: str, measures: tuple[str, ...]) -> str | bytes:
    from pilotgraph.network.export import EXPORTS

    if chosen in EXPORTS:
        return EXPORTS[chosen](view, measures)
    if chosen == "html":
        from pilotgraph.network import describe
        from pilotgraph.pages.graph import network_page

        return network_page(view.simple, view.title, view.language, describe(view.simple), view.source)
    from pilotgraph.pages.picture import picture_png, picture_svg

    return picture_svg(view) if chosen == "svg" else picture_png(view)


def _explorer(dataset: Dataset, reader: Reader, lang: str, target: str | None, progress: Tell, *, force: bool) -> str:
    """The page of the explorer; of a large network the parts are put beside the file that it goes to."""
    from pathlib import Path

    from pilotgraph.overview import count_pilots
    from pilotgraph.pages.explorer import explorer_in_parts, explorer_page
    from pilotgraph.pages.explorer.data import MOST_PILOTS

    if target in {None, "-"} or count_pilots(reader) <= MOST_PILOTS:
        return explorer_page(dataset, reader, lang, progress)
    path = Path(target or "")
    folder = path.with_name(f"{path.stem}-parts")
    refuse_existing(path, force=force)
    with new_folder(folder, force=force) as fresh:
        page, files = explorer_in_parts(dataset, reader, lang, folder.name, progress)
        for name, content in files:
            (fresh / name).write_bytes(content)
    return page


def _clusters(dataset: Dataset, reader: Reader, options: NetworkOptions, chosen: str, progress: Tell) -> str:
    import json

    from pilotgraph.network.clusters import cluster_json, cluster_report, cluster_text, references
    from pilotgraph.network.networks import everything, two_mode

    progress("reading the network", 0, 0)
    graph = everything(dataset, reader, options) if options.relation == "all" else two_mode(dataset, reader, options)
    found = cluster_report(graph, compare_with=references(reader, options.language), progress=progress)
    if chosen == "json":
        return json.dumps(cluster_json(found, options.language), ensure_ascii=False, indent=1) + "\n"
    return cluster_text(found, options.language)


def _explained(lang: str) -> str:
    """Every measure: what it says, its formula and its source."""
    heads = {"en": ("Of each thing", "Of the whole network"), "nl": ("Van elk ding", "Van het hele netwerk")}[lang]
    parts: tuple[list[Measure | Whole], ...] = ([*MEASURES.values()], [*WHOLE.values()])
    out = []
    for head, found in zip(heads, parts, strict=True):
        out.append(f"{head}\n")
        for measure in found:
            only = f" ({measure.only})" if measure.only else ""
            out.append(f"  {measure.name}{only}: {measure.sentence[lang]}")
            out += [f"      {measure.formula}", f"      {measure.source}"]
        out.append("")
    return "\n".join(out)
