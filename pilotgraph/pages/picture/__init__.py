"""A network as a still picture, for a printed report: SVG, and PNG made from it.

The picture is laid out without chance, says what it shows, leaves out and comes from, and needs no script, font
file or network. No label covers another in any font, for each is told its width.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

from pilotgraph.pages import templates
from pilotgraph.pages.picture.scene import make_scene

if TYPE_CHECKING:
    from pilotgraph.network.view import View

# At 1,300 pixels a picture is 22 cm wide in print at 300 dots to the inch.
ZOOM: Final = 2.0
_FONTS: Final = ("Regular", "Bold", "Italic", "BoldItalic")


def picture_svg(view: View) -> str:
    """Draw a network as an SVG document of its own, with the title and description that a screen reader tells."""
    return templates().get_template("network-picture.svg").render(scene=make_scene(view)) + "\n"


def picture_png(view: View, zoom: float = ZOOM) -> bytes:
    """Draw a network as a PNG image, in Roboto on any machine; `zoom` is pixels per unit of the SVG."""
    import resvg_py  # noqa: PLC0415 - only PNG needs it

    folder = files("font_roboto") / "files"
    with as_file(folder) as fonts:
        return resvg_py.svg_to_bytes(
            svg_string=picture_svg(view),
            zoom=zoom,
            skip_system_fonts=True,
            font_files=[str(fonts / f"Roboto-{style}.ttf") for style in _FONTS],
            font_family="Roboto",
            sans_serif_family="Roboto",
        )
