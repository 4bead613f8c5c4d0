"""An installed pilotgraph carries everything and works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist, as a registry would serve it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_wheel_carries_data_ontology_and_queries(wheel: Path) -> None:
    """Every file of the data set is in the wheel, byte for byte."""
    with zipfile.ZipFile(wheel) as archive:
        for part in ("ontology", "data", "queries"):
            for path in sorted((ROOT / part).rglob("*")):
                if path.is_file():
                    name = f"pilotgraph/bundled/{path.relative_to(ROOT).as_posix()}"
                    assert archive.read(name) == path.read_bytes()
        names = archive.namelist()
    assert "pilotgraph/bundled/viz/templates/network.html" in names
    assert "pilotgraph/py.typed" in names
    assert not [name for name in names if "node_modules" in name]
    for bundle in (ROOT / "viz/dist").glob("*.js"):
        assert f"pilotgraph/bundled/viz/dist/{bundle.name}" in names


def test_installed_command_works_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """Unpacked far from the repository, the package answers a question from its own copy of the data."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "PILOTGRAPH_CACHE": str(tmp_path / "cache")}
    script = "import pilotgraph, sys; print(pilotgraph.__file__); print(len(pilotgraph.open().rows('pilots')))"
    # -S would hide the dependencies; instead the unpacked copy comes first on the path.
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], check=True, capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    where, pilots = done.stdout.split()
    assert Path(where).is_relative_to(tmp_path / "site")
    assert pilots == "34"
