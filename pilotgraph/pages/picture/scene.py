"""What stands in the picture of a network: boxes, dots, lines and labels, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.network.words import say
from pilotgraph.pages.picture.layout import Size, arrange
from pilotgraph.pages.picture.metrics import width, wrap
from pilotgraph.pages.picture.words import word

if TYPE_CHECKING:
    import networkx as nx

    from pilotgraph.network.view import View

MOST: Final = 150
MARGIN: Final = 28.0
NARROWEST: Final = 900.0
SIZE: Final = 11.0
LINE: Final = 13.0
# Blue, rust and green of the other pages, then violet and ochre; each has its own mark too, so that colour is
# never the only difference.
PILLARS: Final = (
    ("#0b6e99", "circle"),
    ("#b4531a", "square"),
    ("#5b7f1e", "triangle"),
    ("#7a4fa3", "diamond"),
    ("#8a6d00", "bar"),
)
NO_PILLAR: Final = ("#5a646e", "circle")
INK: Final = "#1a1f24"
QUIET: Final = "#4a545e"
_BOX_TEXT: Final = 132.0
_LABEL_TEXT: Final = 118.0
_PAD: Final = (7.0, 5.0)
_MARK: Final = 13.0
_BUSY: Final = 4
_MOST_BUSY: Final = 8
_MANY_LINES: Final = 150


@dataclass(frozen=True)
class Style:
    """How a text is set; `anchor` is start or middle."""

    size: float = SIZE
    colour: str = INK
    bold: bool = False
    italic: bool = False
    anchor: str = "start"


@dataclass(frozen=True)
class Text:
    """One line of text: where its baseline begins or has its middle, and how wide it is drawn."""

    x: float
    y: float
    text: str
    width: float
    style: Style = Style()


@dataclass(frozen=True)
class Shape:
    """A mark: a circle, square, triangle, diamond or bar around a point.

    It is hollow if it is for a kind of actor, and framed where the legend shows that pilots have a frame.
    """

    kind: str
    x: float
    y: float
    radius: float
    colour: str
    hollow: bool = False
    framed: bool = False


@dataclass(frozen=True)
class Node:
    """A thing in the picture: what a pointer or screen reader is told, its mark, its box if it has one, its label."""

    title: str
    mark: Shape
    texts: list[Text]
    box: tuple[float, float, float, float] | None = None
    busy: bool = False


@dataclass(frozen=True)
class Line:
    """A link."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


@dataclass
class Scene:
    """A whole picture."""

    width: float
    height: float
    language: str
    title: str
    description: str
    lines: list[Line] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    marks: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)


def make_scene(view: View) -> Scene:
    """Lay out the picture of a network.

    Of more than MOST things with links, those with the most links are drawn, and the picture says so. Pilots
    without links are named below it.
    """
    graph = view.simple
    linked = sorted((n for n in graph if graph.degree[n]), key=lambda n: (-graph.degree[n], graph.nodes[n]["label"], n))
    drawn = graph.subgraph(linked[:MOST])
    drawn = drawn.subgraph([node for node in drawn if drawn.degree[node]]).copy()
    colours = pillars(graph)
    busy = {n for n in linked if graph.degree[n] >= _BUSY and graph.nodes[n]["mode"] != "pilot"} & set(
        linked[:_MOST_BUSY]
    )
    parts = {
        node: _Part.of(graph.nodes[node], graph.degree[node], colours, busy=node in busy) for node in sorted(drawn)
    }
    centres = arrange(drawn, {node: part.size for node, part in parts.items()}, NARROWEST - 2 * MARGIN)
    right = max((x + parts[node].size.width / 2 for node, (x, _) in centres.items()), default=0.0)
    wide = max(NARROWEST, right + 2 * MARGIN)
    scene = Scene(wide, 0.0, view.language, view.title, "")
    top = _head(scene, view, colours, len(linked) - len(drawn))
    shift = (wide - right) / 2
    places = {node: (round(x + shift, 1), round(y + top, 1)) for node, (x, y) in centres.items()}
    scene.nodes = [part.at(*places[node]) for node, part in parts.items()]
    scene.lines = _lines(drawn, {node: parts[node].hub(*places[node]) for node in parts}, view.language)
    bottom = max((y + parts[node].size.height / 2 for node, (_, y) in places.items()), default=top)
    scene.height = round(_foot(scene, view, bottom + 22), 1)
    scene.description = ". ".join([view.counts, *(text.rstrip(".") for text in view.notes), _busiest(view)]) + "."
    return scene


def pillars(graph: nx.Graph[str]) -> dict[str, tuple[str, str, str]]:
    """Each pillar's label, colour and mark, the one with most pilots first."""
    count: dict[str, int] = {}
    labels: dict[str, str] = {}
    for _, data in graph.nodes(data=True):
        if data["mode"] == "pilot" and data.get("pillar"):
            count[data["pillar"]] = count.get(data["pillar"], 0) + 1
            labels[data["pillar"]] = data["pillar_label"]
    order = sorted(count, key=lambda pillar: (-count[pillar], pillar))
    return {pillar: (labels[pillar], *PILLARS[place % len(PILLARS)]) for place, pillar in enumerate(order)}


@dataclass(frozen=True)
class _Part:
    """A thing before it has its place."""

    title: str
    lines: list[str]
    size: Size
    mark: str
    colour: str
    radius: float
    pilot: bool
    busy: bool
    hollow: bool

    @classmethod
    def of(cls, data: dict[str, Any], degree: int, colours: dict[str, tuple[str, str, str]], *, busy: bool) -> _Part:
        if data["mode"] == "pilot":
            _, colour, mark = colours.get(data.get("pillar", ""), ("", *NO_PILLAR))
            lines = wrap(data["label"], _BOX_TEXT, SIZE)
            widest = max(width(line, SIZE) for line in lines)
            size = Size(widest + 2 * _PAD[0] + _MARK, len(lines) * LINE + 2 * _PAD[1])
            return cls(data["label"], lines, size, mark, colour, 4.0, pilot=True, busy=False, hollow=False)
        lines = wrap(data["label"], _LABEL_TEXT, SIZE, bold=busy)
        radius = round(2.4 + 1.7 * degree**0.5, 1)
        widest = max(width(line, SIZE, bold=busy) for line in lines)
        size = Size(max(widest, 2 * radius), 2 * radius + 3 + len(lines) * LINE)
        kind = data["mode"] == "kind"
        return cls(
            data["label"],
            lines,
            size,
            "diamond" if kind else "circle",
            INK,
            radius,
            pilot=False,
            busy=busy,
            hollow=kind,
        )

    def hub(self, x: float, y: float) -> tuple[float, float]:
        """Where the links meet: in the middle of a box, in the dot above a label."""
        return (x, y) if self.pilot else (x, round(y - self.size.height / 2 + self.radius, 1))

    def at(self, x: float, y: float) -> Node:
        left, top = x - self.size.width / 2, y - self.size.height / 2
        if self.pilot:
            start = left + _PAD[0] + _MARK
            texts = [
                Text(round(start, 1), round(top + _PAD[1] + 10 + LINE * n, 1), line, round(width(line, SIZE), 1))
                for n, line in enumerate(self.lines)
            ]
            mark = Shape(self.mark, round(left + _PAD[0] + 4, 1), round(y, 1), self.radius, self.colour)
            box = (round(left, 1), round(top, 1), round(self.size.width, 1), round(self.size.height, 1))
            return Node(self.title, mark, texts, box)
        first = top + 2 * self.radius + 3 + 10
        style = Style(bold=self.busy, italic=self.hollow, anchor="middle")
        texts = [
            Text(
                round(x, 1),
                round(first + LINE * n, 1),
                line,
                round(width(line, SIZE, bold=self.busy), 1),
                style,
            )
            for n, line in enumerate(self.lines)
        ]
        mark = Shape(self.mark, *self.hub(x, y), self.radius, self.colour, self.hollow)
        return Node(self.title, mark, texts, busy=self.busy)


def _lines(graph: nx.Graph[str], hubs: dict[str, tuple[float, float]], language: str) -> list[Line]:
    heaviest = max((data.get("weight", 0.0) for *_, data in graph.edges(data=True)), default=0.0)
    most = 3.4 if graph.number_of_edges() < _MANY_LINES else 1.6
    found = []
    # The heaviest last, over the others.
    order = sorted(graph.edges, key=lambda edge: (graph.edges[edge].get("weight", 0.0), sorted(edge)))
    for edge in order:
        data = graph.edges[edge]
        thick = 0.6 + most * data["weight"] / heaviest if heaviest else 1.0
        one, two = sorted(edge, key=lambda node: (graph.nodes[node]["mode"] != "pilot", node))
        names = " – ".join(graph.nodes[node]["label"] for node in (one, two))
        what = data.get("roles") or "; ".join(data.get("shared_labels", ()))
        known = "" if data.get("knowing", "stated") == "stated" else f" ({say('knowing-' + data['knowing'], language)})"
        title = names + (f": {what}" if what else "") + known
        found.append(Line(*hubs[one], *hubs[two], round(thick, 2), title))
    return found


def _head(scene: Scene, view: View, colours: dict[str, tuple[str, str, str]], hidden: int) -> float:
    """Write title, counts, notes and legend; give where the picture can begin."""
    y = _write(scene, Style(20.0, bold=True), view.title, MARGIN + 16)
    about = f"{view.counts}." + (f" {word('hidden', view.language, number=hidden)}" if hidden else "")
    y = _write(scene, Style(12.0, QUIET), " ".join([about, *view.notes]), y - 1)
    y = _legend(scene, view, colours, y + 6)
    scene.rules.append(round(y + 2, 1))
    return y + 26


def _legend(scene: Scene, view: View, colours: dict[str, tuple[str, str, str]], y: float) -> float:
    language = view.language
    modes = [data["mode"] for _, data in view.simple.nodes(data=True)]
    pilot = say("mode-pilot", language)
    entries = [
        (Shape(mark, 0, 0, 4.0, colour, framed=True), f"{pilot}: {label}") for label, colour, mark in colours.values()
    ]
    entries += [
        (
            Shape("diamond" if mode == "kind" else "circle", 0, 0, 4.5, INK, mode == "kind"),
            say(f"mode-{mode}", language),
        )
        for mode in ("organisation", "kind", "goal", "domain", "place")
        if mode in modes
    ]
    weighted = any("weight" in data for *_, data in view.simple.edges(data=True))
    x = MARGIN
    for mark, label in [*entries, (None, word("thick" if weighted else "size", language))]:
        wide = width(label, 12.0)
        lead = (23.0 if mark.framed else 15.0) if mark else 0.0
        if x > MARGIN and x + lead + wide > scene.width - MARGIN:
            x, y = MARGIN, y + 18
        if mark:
            middle = round(x + (lead - 5) / 2, 1)
            scene.marks.append(replace(mark, x=middle, y=round(y - 4, 1)))
        scene.texts.append(Text(round(x + lead, 1), round(y, 1), label, round(wide, 1), Style(12.0)))
        x += lead + wide + 22
    return y + 10


def _foot(scene: Scene, view: View, y: float) -> float:
    """Name the pilots without links, and the source; give the height of the picture."""
    graph = view.simple
    alone = sorted((graph.nodes[node]["label"] for node in graph if not graph.degree[node]), key=str.casefold)
    if alone:
        text = f"{word('alone', view.language)}: {'; '.join(alone)}."
        y = _write(scene, Style(12.0), text, y + 6)
    scene.rules.append(round(y, 1))
    y = _write(scene, Style(SIZE, QUIET), f"{word('source', view.language)}: {view.source}", y + 20)
    return y + 5


def _write(scene: Scene, style: Style, text: str, y: float) -> float:
    """Write a text over as many lines as it takes; give the baseline of the next line."""
    for line in wrap(text, scene.width - 2 * MARGIN, style.size, bold=style.bold):
        wide = round(width(line, style.size, bold=style.bold), 1)
        scene.texts.append(Text(MARGIN, round(y, 1), line, wide, style))
        y += style.size + 4
    return y


def _busiest(view: View) -> str:
    graph = view.simple
    order = sorted(graph, key=lambda node: (-graph.degree[node], graph.nodes[node]["label"], node))[:3]
    listed = ", ".join(f"{graph.nodes[node]['label']} ({graph.degree[node]})" for node in order)
    return f"{word('busiest', view.language)}: {listed}"
