"""Charts as numbers for SVG, so that a template draws without counting. They are texts, the same in any language."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100
STEP = 10
GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """Two parts, one on the other."""

    label: object
    whole: int
    part: int
    x: str
    part_y: str
    part_height: str
    rest_y: str
    rest_height: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side; the highest one reaches the top."""

    columns: list[Column]
    highest: int
    view_box: str
    width: str
    column_width: str = str(STEP - GAP)


def stack(rows: Sequence[tuple[object, int, int]]) -> Columns:
    """A column for each label, with how many there are and how many of these are the lower part."""
    highest = max((whole for _label, whole, _part in rows), default=0)
    columns = []
    for number, (label, whole, part) in enumerate(rows):
        top, middle = (HEIGHT * (1 - n / highest) if highest else float(HEIGHT) for n in (whole, part))
        columns.append(
            Column(
                label,
                whole,
                part,
                x=_text(number * STEP + GAP / 2),
                part_y=_text(middle),
                part_height=_text(HEIGHT - middle),
                rest_y=_text(top),
                rest_height=_text(middle - top),
            )
        )
    width = max(len(rows), 1) * STEP
    return Columns(columns, highest, view_box=f"0 0 {width} {HEIGHT}", width=str(width))


def share(n: float, of: float) -> str:
    """The length of a bar, of 100."""
    return _text(100 * n / of if of else 0)


def _text(number: float) -> str:
    return f"{number:.2f}"
