"""The mark of a blog: three lines of writing and a full stop. For its icons, and for cards beside the name."""

from PIL import Image, ImageDraw

GRID = 32  # The drawing's own unit: static/img/favicon.svg is drawn on the same.
LINES = ((8, 9, 24), (8, 14.5, 24), (8, 20, 17))
STROKE = 2.5
FULL_STOP = (23, 22.5, 3)
CORNER = 7
SUPERSAMPLING = 8


def draw_mark(size: int, *, background: str, ink: str = "#ffffff", corner: float = CORNER) -> Image.Image:
    """The mark in a square of so many pixels; `corner` is how round the square is, in its 32nds."""
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
