"""Where the things of a picture stand: linked ones near each other, no two over each other.

Distances in the picture follow those in the network (stress majorisation: Gansner, Koren and North, Graph
drawing by stress majorization, 2004); then boxes that overlap are pushed apart. Nothing is drawn by lot: the same
network gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GAP: Final = 9.0
_SIDEWAYS: Final = 1.4  # labels are wider than high, and so is a page
_STEP: Final = 52.0  # the shortest link
_ROUNDS: Final = 300
_PUSHES: Final = 400
_PIECE_GAP: Final = 40.0
# In print every millimetre counts, yet the lines must be seen: so much of the picture may be boxes, and less if
# there are so many lines to a thing.
_FULL: Final = 0.38
_FULL_OF_LINES: Final = 0.26
_MANY_LINES: Final = 2.0
_SHRINK: Final = 0.94
_SHRINKS: Final = 20


@dataclass(frozen=True)
class Size:
    """The box of a thing, label included."""

    width: float
    height: float


def arrange(graph: nx.Graph[str], sizes: Mapping[str, Size], least: float) -> dict[str, tuple[float, float]]:
    """Give the centre of each box, so that no two are nearer than GAP; the smallest x and y of all boxes are 0.

    Each piece of the network is laid out by itself. The largest is on top; the others stand in rows below, that are
    as wide as it or as `least`.
    """
    import networkx as nx  # noqa: PLC0415 - only networks need it

    pieces = sorted(nx.connected_components(graph), key=lambda piece: (-len(piece), min(piece)))
    placed = [_piece(graph.subgraph(piece).copy(), sizes) for piece in pieces]
    return _in_rows(placed, sizes, least)


def _piece(graph: nx.Graph[str], sizes: Mapping[str, Size]) -> dict[str, tuple[float, float]]:
    import numpy as np  # noqa: PLC0415 - only pictures need it

    nodes = sorted(graph)
    if len(nodes) == 2:  # noqa: PLR2004 - two things stand side by side
        return _side_by_side(nodes, sizes)
    boxes = np.array([[sizes[node].width, sizes[node].height] for node in nodes]) + GAP
    # Rounded, for the last digits of matrix products differ between machines.
    places = np.round(_majorise(_distances(graph, nodes)) * (_SIDEWAYS, 1.0), 2)
    while not _pushed_apart(places, boxes):
        places *= 1.1
    full = _FULL if graph.number_of_edges() < _MANY_LINES * len(nodes) else _FULL_OF_LINES
    for _ in range(_SHRINKS):
        if _filled(places, boxes) > full:
            break
        closer = places * _SHRINK
        if _pushed_apart(closer, boxes):
            places = closer
    places -= (places - boxes / 2).min(axis=0)
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, places, strict=True)}


def _side_by_side(nodes: list[str], sizes: Mapping[str, Size]) -> dict[str, tuple[float, float]]:
    first, second = (sizes[node] for node in nodes)
    middle = max(first.height, second.height) / 2
    return {
        nodes[0]: (first.width / 2, middle),
        nodes[1]: (first.width + _PIECE_GAP + second.width / 2, middle),
    }


def _distances(graph: nx.Graph[str], nodes: list[str]) -> Floats:
    """How far apart any two should be: the length of the shortest way, on which busy things keep more room."""
    import networkx as nx  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    edges = list(graph.edges(data="weight", default=1.0))
    heaviest = max((weight for *_, weight in edges), default=1.0)
    root = {node: number**0.5 for node, number in graph.degree()}
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(nodes)
    for one, two, weight in edges:
        room = 0.55 + 0.45 * (root[one] + root[two]) / 2
        plain.add_edge(one, two, length=_STEP * room * (1.8 - 0.8 * weight / heaviest))
    ways = dict(nx.all_pairs_dijkstra_path_length(plain, weight="length"))
    return np.array([[ways[one][two] for two in nodes] for one in nodes])


def _majorise(wanted: Floats) -> Floats:
    """Place points such that their distances are as wanted as can be, near ones above all."""
    import numpy as np  # noqa: PLC0415

    size = len(wanted)
    if size == 1:
        return np.zeros((1, 2))
    places = _scaled(wanted)
    weights = np.divide(1.0, wanted**2, out=np.zeros_like(wanted), where=wanted > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(_ROUNDS):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        pull = np.divide(weights * wanted, apart, out=np.zeros_like(apart), where=apart > 0)
        places = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ places)
    return places


def _scaled(wanted: Floats) -> Floats:
    """Where to begin: classical scaling (Torgerson 1952), turned so that the same numbers come out anywhere."""
    import numpy as np  # noqa: PLC0415

    size = len(wanted)
    centring = np.eye(size) - 1 / size
    values, vectors = np.linalg.eigh(-0.5 * centring @ wanted**2 @ centring)
    best = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 1e-9))
    turned: Floats = best * np.where(best[np.abs(best).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    # Things with the same links would stand on one point, and never part.
    turns = np.arange(size) * 2.399963
    turned += np.column_stack([np.cos(turns), np.sin(turns)])
    return turned


def _pushed_apart(places: Floats, boxes: Floats) -> bool:
    """Push boxes off each other, each pair where they overlap least, rather sideways; tell whether that worked."""
    import numpy as np  # noqa: PLC0415

    reach = (boxes[:, None] + boxes[None]) / 2
    itself = np.eye(len(places), dtype=bool)
    for _ in range(_PUSHES):
        between = places[:, None] - places[None]
        over = reach - np.abs(between)
        meeting = (over > 0.01).all(axis=2) & ~itself  # noqa: PLR2004 - a hundredth of a pixel is nothing
        if not meeting.any():
            return True
        along = (over * (1 / _SIDEWAYS**2, 1.0)).argmin(axis=2)
        for axis in (0, 1):
            moved = np.where(meeting & (along == axis), over[:, :, axis] * np.sign(between[:, :, axis]), 0.0)
            places[:, axis] = np.round(places[:, axis] + 0.3 * moved.sum(axis=1), 6)
    return False


def _filled(places: Floats, boxes: Floats) -> float:
    """Which part of the picture the boxes take."""
    extent = (places + boxes / 2).max(axis=0) - (places - boxes / 2).min(axis=0)
    return float(boxes.prod(axis=1).sum() / extent.prod())


def _in_rows(
    pieces: list[dict[str, tuple[float, float]]], sizes: Mapping[str, Size], least: float
) -> dict[str, tuple[float, float]]:
    extents = [
        (
            max(x + sizes[node].width / 2 for node, (x, _) in piece.items()),
            max(y + sizes[node].height / 2 for node, (_, y) in piece.items()),
        )
        for piece in pieces
    ]
    widest = max([wide for wide, _ in extents], default=least)
    found: dict[str, tuple[float, float]] = {}
    left, top, row = 0.0, 0.0, 0.0
    for place, (piece, (wide, high)) in enumerate(zip(pieces, extents, strict=True)):
        if place == 1 or (left and left + wide > max(widest, least)):
            left, top, row = 0.0, top + row + _PIECE_GAP, 0.0
        found |= {node: (x + left, y + top) for node, (x, y) in piece.items()}
        left, row = left + wide + _PIECE_GAP, max(row, high)
    return found
