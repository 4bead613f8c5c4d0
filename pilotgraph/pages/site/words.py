"""The words of the site itself, in Dutch and English."""

from __future__ import annotations

from typing import Any, Final

from pilotgraph.pages.site.words_en import EN
from pilotgraph.pages.site.words_nl import NL

WORDS: Final[dict[str, dict[str, Any]]] = {"nl": NL, "en": EN}
