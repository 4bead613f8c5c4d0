"""Make the explorer of a made-up large network in both languages: python viz/tests/explorer_levels_pages.py FOLDER."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.pages.explorer import explorer_in_parts

ROOT = Path(__file__).parents[2]
PILOTS = 1200


def main(folder: Path) -> None:
    """Write `nl.html` and `en.html`, and the parts of each beside it."""
    made = folder / "set"
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", str(PILOTS), "--to", str(made)]
    subprocess.run(command, check=True)  # noqa: S603 - our own script
    dataset = Dataset.open(made)
    reader = in_memory(dataset)
    for language in ("nl", "en"):
        parts = folder / f"{language}-parts"
        parts.mkdir()
        page, files = explorer_in_parts(dataset, reader, language, parts.name)
        for name, content in files:
            (parts / name).write_bytes(content)
        (folder / f"{language}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
