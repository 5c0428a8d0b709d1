"""What was measured, and the bars it is held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

MISSING = "–"


@dataclass(frozen=True)
class Line:
    """One line of the report. `holds` is `None` where there is no bar, or nothing was measured."""

    what: str
    measured: str
    bar: str = ""
    holds: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    lines: Sequence[Line]


def at_most(what: str, values: Sequence[float], most: float, show: Callable[[float], str], note: str = "") -> Line:
    """A line about the median of what was measured, which should be no more than the bar."""
    return _line(what, values, most, show, note, is_most=True)


def at_least(what: str, values: Sequence[float], least: float, show: Callable[[float], str], note: str = "") -> Line:
    """A line about the median of what was measured, which should be no less than the bar."""
    return _line(what, values, least, show, note, is_most=False)


def without_bar(what: str, values: Sequence[float], show: Callable[[float], str], note: str = "") -> Line:
    return Line(what, _with_best(values, show) if values else MISSING, note=note)


def not_measured(what: str, why: str) -> Line:
    return Line(what, MISSING, note=why)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def a_second(value: float) -> str:
    return f"{value:,.0f}/s"


def percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


def times(value: float) -> str:
    return f"{value:.2f} ×"


def kilobytes(value: float) -> str:
    return f"{value / 1000:.1f} KB"


def mebibytes(value: float) -> str:
    return f"{value:.0f} MiB"


def whole(value: float) -> str:
    return f"{value:.0f}"


def ratios(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    """Of each round, so that what slows a whole round down slows both."""
    return [one / other for one, other in zip(ones, others, strict=True) if other]


def _line(
    what: str, values: Sequence[float], bar: float, show: Callable[[float], str], note: str, *, is_most: bool
) -> Line:
    if not values:
        return Line(what, MISSING, note=note)
    middle = median(values)
    return Line(
        what,
        _with_best(values, show, best=min if is_most else max),
        f"{'≤' if is_most else '≥'} {show(bar)}",
        middle <= bar if is_most else middle >= bar,
        note,
    )


def _with_best(
    values: Sequence[float], show: Callable[[float], str], best: Callable[[Sequence[float]], float] | None = None
) -> str:
    """The median; of several, the best one beside it."""
    middle = show(median(values))
    if best is None or len(values) < 2 or show(best(values)) == middle:
        return middle
    return f"{middle} (best {show(best(values))})"
