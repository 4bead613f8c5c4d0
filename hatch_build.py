"""Put the bundles that npm has built into the wheel, if they are there: without them pilotgraph works too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserBundles(BuildHookInterface):  # type: ignore[type-arg]
    """Adds viz/dist to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say where the bundles go; an editable installation reads them where they are."""
        bundles = Path(self.root) / "viz" / "dist"
        if version != "editable" and bundles.is_dir():
            build_data["force_include"][str(bundles)] = "pilotgraph/bundled/viz/dist"
