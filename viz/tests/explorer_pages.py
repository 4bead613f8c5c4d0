"""Make the pages that the browser tests of the explorer drive: python viz/tests/explorer_pages.py FOLDER [NAME…].

The bundled data set in both languages; the same with hostile labels; and two made-up networks, one of the size that
must stay usable (5,000 nodes, 20,000 edges) and one that is too large to be shown whole.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotgraph.dataset import Dataset
from pilotgraph.load import open_cached
from pilotgraph.network.clusters import Settings
from pilotgraph.pages.explorer import explorer_data, render_explorer
from pilotgraph.pages.explorer.clusters import find_clusters
from pilotgraph.pages.explorer.places import arrange

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = (
    "</script><script>window.alarm = 1</script>",
    '<img src=x onerror="window.alarm = 1">',
    "\"'`};window.alarm=1//",
    "javascript:window.alarm=1",
    "\u202ertl\ufeff\u2028line",
    "x" * 300,
    "=HYPERLINK(1)",
    "a~b,c:d&e%f#g",
)
GROUPS = 40


def hostile(data: dict[str, Any]) -> dict[str, Any]:
    """The same network, in which every text is an attack."""
    found = copy.deepcopy(data)
    for number, node in enumerate(found["nodes"]):
        node["label"] = f"{HOSTILE[number % len(HOSTILE)]} {number}"
        node["text"] = HOSTILE[0]
        node["id"] = f"{node['id']}{HOSTILE[7] if number % 3 else HOSTILE[1]}"
    for number, claim in enumerate(found["claims"]):
        claim["named"] = claim["note"] = [HOSTILE[number % len(HOSTILE)]]
    for number, passage in enumerate(found["passages"]):
        passage |= {"first": HOSTILE[number % 4], "last": HOSTILE[1], "section": HOSTILE[0], "link": HOSTILE[3]}
    for listed in (found["roles"], found["sources"]):
        for number, item in enumerate(listed):
            item["label"] = HOSTILE[number % len(HOSTILE)]
    found["title"] = HOSTILE[0]
    found["clusters"]["says"] = [HOSTILE[1]]
    return found


def dice(seed: int) -> Callable[[], float]:
    """Numbers between 0 and 1 that are the same everywhere (Knuth's linear congruential generator, MMIX)."""
    state = seed

    def roll() -> float:
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) / 2**31

    return roll


def made_up(pilots: int, actors: int, edges: int) -> dict[str, Any]:
    """A network of pilots and organisations in groups, with some organisations in nearly all."""
    roll = dice(34)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < edges:
        pilot = int(roll() * pilots)
        group = pilot % GROUPS
        inside = roll() < 0.8  # noqa: PLR2004 - four links of five stay in the group
        actor = int((group + roll() ** 2) * actors / GROUPS) if inside else int(roll() ** 3 * actors)
        pairs.add((pilot, pilots + actor))
    linked = sorted({actor for _, actor in pairs})
    links = sorted(pairs) + [(0, actor) for actor in range(pilots, pilots + actors) if actor not in set(linked)]
    nodes = [{"id": f"pilot/p{n}", "label": f"Pilot {n}", "mode": "pilot", "sources": [0]} for n in range(pilots)]
    nodes += [{"id": f"organisation/o{n}", "label": f"Organisatie {n}", "mode": "organisation"} for n in range(actors)]
    pillars = [{"id": f"concept/pillar/{n}", "label": f"pijler {n}", "mode": "pillar"} for n in range(3)]
    data: dict[str, Any] = {
        "language": "nl",
        "base": "https://example.org/id/",
        "title": "Verzonnen netwerk",
        "edition": "0",
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "sources": [{"slug": "bron", "label": "Bron"}],
        "roles": [{"slug": "partner", "label": "partner"}],
        "nodes": nodes + pillars,
        "claims": [{"id": f"claim/c{n}", "sources": [0], "role": 0, "passages": [n]} for n in range(len(links))],
        "passages": [
            {"source": 0, "section": "inhoud", "first": f"begin {n}", "last": f"eind {n}"} for n in range(len(links))
        ],
        "links": {
            "actor": [[pilot, actor, n] for n, (pilot, actor) in enumerate(links)],
            "pillar": [[n, len(nodes) + n % 3, 0] for n in range(pilots)],
        },
    }
    return data | {"layouts": arrange(data)}


def bundled(language: str) -> dict[str, Any]:
    """The bundled data set. The tests are of what the page does with clusters: they need not be looked for long."""
    dataset = Dataset.open()
    reader = open_cached(dataset)
    report = find_clusters(dataset, reader, Settings(runs=6, tries=2, samples=39, noise_samples=5))
    return explorer_data(dataset, reader, language, report)


PAGES: dict[str, Callable[[], dict[str, Any]]] = {
    "explorer.nl": lambda: bundled("nl"),
    "explorer.en": lambda: bundled("en"),
    "hostile": lambda: hostile(bundled("en")),
    "large": lambda: made_up(1000, 4000, 20_000),
    "too-large": lambda: made_up(1500, 6000, 30_000),
}


def main(folder: Path, names: list[str]) -> None:
    """Write the pages with these names, or all."""
    for name in names or list(PAGES):
        (folder / f"{name}.html").write_text(render_explorer(PAGES[name]()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
