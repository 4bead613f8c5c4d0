"""The still picture: no label over another in any font, the same bytes every time, and all that a report needs."""

from __future__ import annotations

import shutil
import struct
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from playwright.sync_api import Page, sync_playwright

import pilotgraph
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.network import NetworkOptions
from pilotgraph.network.view import View, make_view
from pilotgraph.pages.picture import picture_png, picture_svg
from pilotgraph.pages.picture.layout import GAP, Size, arrange
from pilotgraph.pages.picture.metrics import width, wrap
from pilotgraph.pages.picture.scene import MOST, make_scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see scripts/system.sh")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> "quoted" & <b>'
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "actors": ({"language": "nl"}, "none"),
    "with groups": ({"kinds": True, "funders": False}, "none"),
    "pilots by actors": ({"funders": False, "language": "nl"}, "pilot"),
    "actors by pilots": ({}, "actor"),
    "goals": ({"relation": "goal"}, "none"),
    "places": ({"relation": "place", "language": "nl"}, "none"),
    "cross-links": ({"relation": "all"}, "none"),
    "one source": ({"sources": frozenset({"tussentijds-beeld-2022"})}, "none"),
    "long ago": ({"as_of": "1900-01-01"}, "none"),
}
# Arial's widths are in the code; these fonts are wider, narrower and altogether different.
FONTS = ("Liberation Sans", "DejaVu Sans", "Liberation Serif", "DejaVu Sans Mono")


@pytest.fixture(scope="module")
def views() -> dict[str, View]:
    """Every network that can be drawn, of the bundled data."""
    dataset = Dataset.open()
    reader = in_memory(dataset)
    return {
        name: make_view(dataset, reader, NetworkOptions(**options), projection, "newman")
        for name, (options, projection) in CASES.items()
    }


@pytest.fixture(scope="module")
def pictures(views: dict[str, View]) -> dict[str, str]:
    """The pictures of these networks."""
    return {name: picture_svg(view) for name, view in views.items()}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A Chromium page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1500, "height": 1200})
        browser.close()


def parsed(svg: str) -> ET.Element:
    """The picture as an XML parser reads it."""
    return ET.fromstring(svg)  # noqa: S314 - we wrote it


def touching(boxes: dict[str, tuple[float, float, float, float]]) -> list[tuple[str, str]]:
    """The boxes (left, top, right, bottom) that lie over each other."""
    return [
        (one, two)
        for (one, a), (two, b) in combinations(boxes.items(), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@pytest.mark.parametrize("case", CASES)
def test_no_label_over_another(case: str, views: dict[str, View]) -> None:
    """By our own measure no two things overlap, texts of title, legend and source included, nor leave the picture."""
    scene = make_scene(views[case])
    boxes = {}
    for node in scene.nodes:
        edges = [_extent(text) for text in node.texts]
        left, top = min(e[0] for e in edges), min(e[1] for e in edges)
        right, bottom = max(e[2] for e in edges), max(e[3] for e in edges)
        if node.box:
            x, y, wide, high = node.box
            assert x < left
            assert right < x + wide
            left, top, right, bottom = x, y, x + wide, y + high
        boxes[node.title] = (left, top, right, bottom)
    boxes |= {f"{n} {text.text}": _extent(text) for n, text in enumerate(scene.texts)}
    assert touching(boxes) == []
    for left, top, right, bottom in boxes.values():
        assert left >= 0
        assert top >= 0
        assert right <= scene.width
        assert bottom <= scene.height


def _extent(text: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 - a Text
    left = text.x - (text.width / 2 if text.style.anchor == "middle" else 0)
    return left, text.y - 0.75 * text.style.size, left + text.width, text.y + 0.2 * text.style.size


@needs_chromium
@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("case", ["actors", "with groups", "pilots by actors", "places"])
def test_no_label_over_another_in_a_browser(
    case: str, font: str, pictures: dict[str, str], page: Page, tmp_path: Path
) -> None:
    """As Chromium draws it, in a wide, a narrow and a monospaced font too, no line of text overlaps another."""
    svg = pictures[case].replace('font-family="Arial,', f'font-family="{font}, Arial,')
    file = tmp_path / "picture.svg"
    file.write_text(svg, encoding="utf-8")
    page.goto(file.as_uri())
    # Glyphs as drawn: a line box is as high as the font's tallest letter, which no label has.
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("text")].map((text, n) => {
          const box = text.getBBox(), y = Number(text.getAttribute("y"));
          const size = Number(getComputedStyle(text).fontSize.replace("px", ""));
          return [n + " " + text.textContent, [box.x, y - 0.75 * size, box.x + box.width, y + 0.2 * size]];
        })"""
    )
    assert len(boxes) == len({name for name, _ in boxes})
    assert touching({name: tuple(box) for name, box in boxes}) == []
    used = page.evaluate("document.querySelectorAll('text').length")
    assert used == len(boxes) > 30


@needs_chromium
def test_texts_stay_inside_their_boxes_in_a_browser(pictures: dict[str, str], page: Page, tmp_path: Path) -> None:
    """In the widest font every line of a pilot's name is inside its frame."""
    file = tmp_path / "picture.svg"
    svg = pictures["actors"].replace('font-family="Arial,', 'font-family="DejaVu Sans Mono, Arial,')
    file.write_text(svg, encoding="utf-8")
    page.goto(file.as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".nodes > g > rect[rx]")].flatMap((frame) => {
          const box = frame.getBBox();
          return [...frame.parentNode.querySelectorAll("text")].filter((text) => {
            const own = text.getBBox();
            return own.x < box.x || own.x + own.width > box.x + box.width;
          }).map((text) => text.textContent);
        })"""
    )
    assert outside == []


@pytest.mark.parametrize("case", CASES)
def test_a_picture_has_what_a_report_needs(case: str, views: dict[str, View], pictures: dict[str, str]) -> None:
    """Title, what is in and left out, a legend, the source; every thing with its name, and nothing from elsewhere."""
    view = views[case]
    root = parsed(pictures[case])
    language = view.language
    texts = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    assert root.findtext(f"{SVG}title") == view.title
    assert root.get("lang") == language
    assert root.get("role") == "img"
    assert set(str(root.get("aria-labelledby")).split()) <= {element.get("id") for element in root}
    description = str(root.findtext(f"{SVG}desc"))
    for said in (view.title, view.counts, view.source, {"en": "Source:", "nl": "Bron:"}[language]):
        assert said in texts
    assert view.counts in description
    for note in view.notes:
        assert note in texts
        assert note in description
    assert all(data["label"] in texts for _, data in view.simple.nodes(data=True))
    pillars = {data["pillar_label"] for _, data in view.simple.nodes(data=True) if data["mode"] == "pilot"}
    assert all(f"pilot: {pillar}" in texts for pillar in pillars)
    assert not any(name.split("}")[-1] in {"href", "src", "style"} for e in root.iter() for name in e.attrib)
    assert not list(root.iter(f"{SVG}script"))


def test_every_link_is_drawn_and_told(views: dict[str, View], pictures: dict[str, str]) -> None:
    """There is a line for each link, which says what it is, in which roles, and how it is known."""
    view = views["actors"]
    root = parsed(pictures["actors"])
    lines = [element.text for element in root.findall(f".//{SVG}g[@class='links']//{SVG}title")]
    assert len(lines) == view.simple.number_of_edges()
    assert "Rotterdam-Zuid (Hillesluis) – Significant Public: onderzoeker of evaluator" in lines


@pytest.mark.parametrize("case", CASES)
def test_the_same_network_gives_the_same_picture(case: str, views: dict[str, View], pictures: dict[str, str]) -> None:
    """The bytes do not depend on the order of nodes and links, nor on the run."""
    view = views[case]
    turned: nx.Graph[str] = nx.Graph()
    turned.add_nodes_from(reversed(list(view.simple.nodes(data=True))))
    turned.add_edges_from((two, one, data) for one, two, data in reversed(list(view.simple.edges(data=True))))
    other = View(**{**vars(view), "simple": turned})
    assert picture_svg(other) == pictures[case]


def test_png_is_the_same_picture(views: dict[str, View]) -> None:
    """A PNG of twice the size, with letters in it, the same every time, whatever fonts the machine has."""
    view = views["places"]
    png = picture_png(view)
    wide, high = struct.unpack(">II", png[16:24])
    scene = make_scene(view)
    assert png.startswith(b"\x89PNG")
    assert (wide, high) == (pytest.approx(2 * scene.width, abs=2), pytest.approx(2 * scene.height, abs=2))
    assert picture_png(view) == png
    assert len(picture_png(view, zoom=1.0)) < len(png)


@needs_chromium
def test_png_shows_the_letters(views: dict[str, View], page: Page, tmp_path: Path) -> None:
    """Where the title stands, the PNG has ink: a rasteriser without fonts would leave it white."""
    (tmp_path / "picture.png").write_bytes(picture_png(views["places"], zoom=1.0))
    page.goto((tmp_path / "picture.png").as_uri())
    dark = page.evaluate(
        """() => {
          const image = document.querySelector("img"), canvas = document.createElement("canvas");
          canvas.width = image.naturalWidth; canvas.height = 60;
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          const data = context.getImageData(28, 24, 200, 26).data;
          return [...data.keys()].filter((n) => n % 4 === 0 && data[n] < 100).length;
        }"""
    )
    assert dark > 300


def test_hostile_labels_stay_text(views: dict[str, View]) -> None:
    """Markup in a label is drawn as it is written."""
    graph = views["places"].simple.copy()
    node = next(node for node in graph if graph.degree[node])
    graph.nodes[node]["label"] = HOSTILE
    root = parsed(picture_svg(View(**{**vars(views["places"]), "simple": graph})))
    assert HOSTILE in [element.text for element in root.iter(f"{SVG}title")]
    assert not list(root.iter(f"{SVG}script"))


def test_a_large_network_is_drawn_in_part(views: dict[str, View]) -> None:
    """Of too many things the best linked are drawn, and the picture says how many are not."""
    graph: nx.Graph[str] = nx.Graph()
    for n in range(200):
        graph.add_node(f"p{n}", label=f"Pilot {n}", mode="pilot", pillar="x", pillar_label="X")
        graph.add_node(f"a{n}", label=f"Body {n}", mode="organisation")
        graph.add_edge(f"p{n}", f"a{n}")
        graph.add_edge(f"p{n}", f"a{n // 4}")
    view = View(**{**vars(views["actors"]), "simple": graph, "language": "en"})
    scene = make_scene(view)
    texts = " ".join(text.text for text in scene.texts)
    assert len(scene.nodes) <= MOST
    assert len(scene.nodes) > 100
    assert f"Not drawn: {400 - len(scene.nodes)} more, those with the fewest links." in texts


def test_shapes_tell_what_colours_tell(views: dict[str, View]) -> None:
    """Pillars differ by mark, and groups from organisations by form: no difference is one of colour alone."""
    scene = make_scene(views["with groups"])
    marks = {(mark.kind, mark.hollow, mark.framed) for mark in scene.marks}
    assert len(marks) == len(scene.marks) == 5
    for node in scene.nodes:
        assert (node.mark.kind, node.mark.hollow, node.box is not None) in marks


def test_boxes_keep_their_distance() -> None:
    """Boxes of any size that are all linked to one, or to each other, are laid out with a gap between them."""
    for graph in (nx.star_graph(30), nx.complete_graph(12), nx.path_graph(25), nx.empty_graph(3)):
        named = nx.relabel_nodes(graph, {n: f"n{n:02}" for n in graph})
        sizes = {node: Size(30.0 + 11 * (n % 7), 12.0 + 9 * (n % 4)) for n, node in enumerate(named)}
        places = arrange(named, sizes, 800.0)
        boxes = {
            node: (
                x - sizes[node].width / 2,
                y - sizes[node].height / 2,
                x + sizes[node].width / 2,
                y + sizes[node].height / 2,
            )
            for node, (x, y) in places.items()
        }
        grown = {n: (a - GAP / 2.1, b - GAP / 2.1, c + GAP / 2.1, d + GAP / 2.1) for n, (a, b, c, d) in boxes.items()}
        assert touching(grown) == []
        assert min(box[0] for box in boxes.values()) == pytest.approx(0, abs=GAP)


def test_widths_are_those_of_arial() -> None:
    """Known widths of Arial, by hand from its tables; what is not in them is taken as wide."""
    assert width("Raad", 1000) == 722 + 556 + 556 + 556
    assert width("Raad", 1000, bold=True) == 722 + 556 + 556 + 611
    assert width("ï", 1000) == 278
    assert width("漢", 10) == 10
    assert wrap("", 100, 10) == [""]
    assert wrap("Rechtsbijstandsverzekering", 10, 10) == ["Rechtsbijstandsverzekering"]


def test_a_notebook_shows_the_picture() -> None:
    """What the API gives is shown by a notebook as SVG."""
    picture = pilotgraph.open().picture(relation="place", language="nl")
    assert picture._repr_svg_() == picture.svg
    assert picture.svg.startswith("<svg ")
