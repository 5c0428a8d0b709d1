"""The emblem of a blog: three lines of writing and a full stop. For its icons, and for cards beside the name.

`python -m ketablog.emblem static/img` draws the icons anew; favicon.svg beside them is the same drawing, written by
hand.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

COLOR = "#0f6e6e"
GRID = 32  # The drawing's own unit, as in favicon.svg.
LINES = ((8, 9, 24), (8, 14.5, 24), (8, 20, 17))
STROKE = 2.5
FULL_STOP = (23, 22.5, 3)
CORNER = 7
SUPERSAMPLING = 8
FAVICON_SIZES = (48, 32, 16)
# Systems that cut an icon into a form of their own get a full square; the drawing stays within the circle they keep.
PNG_ICONS = {
    "apple-touch-icon.png": (180, 0),
    "icon-192.png": (192, CORNER),
    "icon-512.png": (512, CORNER),
    "icon-maskable-512.png": (512, 0),
}


def draw_emblem(size: int, *, background: str, ink: str = "#ffffff", corner: float = CORNER) -> Image.Image:
    """The emblem in a square of so many pixels; `corner` is how round the square is, in its 32nds."""
    unit = size * SUPERSAMPLING / GRID
    image = Image.new("RGBA", (size * SUPERSAMPLING,) * 2, background + "00")
    draw = ImageDraw.Draw(image)
    edge = size * SUPERSAMPLING - 1
    draw.rounded_rectangle((0, 0, edge, edge), corner * unit, background)
    half = STROKE / 2
    for left, middle, right in LINES:
        box = (left - half, middle - half, right + half, middle + half)
        draw.rounded_rectangle([side * unit for side in box], half * unit, ink)
    x, y, radius = FULL_STOP
    draw.ellipse([side * unit for side in (x - radius, y - radius, x + radius, y + radius)], fill=ink)
    return image.resize((size, size), Image.Resampling.BOX)


def draw_icons(folder: Path) -> None:
    """All icons of a site, as files."""
    first, *others = (draw_emblem(size, background=COLOR) for size in FAVICON_SIZES)
    sizes = [(size, size) for size in FAVICON_SIZES]
    first.save(folder / "favicon.ico", sizes=sizes, append_images=others)
    for name, (size, corner) in PNG_ICONS.items():
        image = draw_emblem(size, background=COLOR, corner=corner)
        (image if corner else image.convert("RGB")).save(folder / name, optimize=True)


if __name__ == "__main__":
    draw_icons(Path(sys.argv[1]))
