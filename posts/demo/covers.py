"""Drawn covers for the demo articles: abstract, quiet, and the same every time for the same seed."""

import itertools
import math
import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int]
Point = tuple[float, float]
SUPERSAMPLING = 2

INK: Color = (24, 48, 60)
PAPER: Color = (245, 239, 228)
DAWN: list[Color] = [(92, 132, 152), (163, 184, 184), (238, 208, 178), (249, 230, 205)]
DUSK: list[Color] = [(30, 50, 76), (72, 92, 120), (158, 144, 152), (228, 188, 162)]
DEEP: list[Color] = [(13, 37, 49), (20, 61, 72), (42, 98, 104)]
LEAVES: list[Color] = [(94, 128, 112), (136, 158, 132), (190, 150, 98), (196, 122, 92), (60, 98, 102), (214, 184, 140)]
SEAS: list[Color] = [(242, 228, 205), (206, 219, 208), (150, 189, 186), (96, 150, 154), (54, 107, 118), (27, 68, 84)]
SILKS: list[Color] = [(36, 84, 98), (88, 142, 146), (172, 196, 184), (224, 190, 150), (200, 126, 98)]


def draw_cover(seed: int, motif: str, size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """One cover as an RGB image. Raises `KeyError` for an unknown motif."""
    rng = random.Random(seed)  # noqa: S311
    canvas = MOTIFS[motif](rng, size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING)
    grain = Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).filter(ImageFilter.GaussianBlur(0.7))
    grain = grain.point(lambda value: 128 + (value - 128) // 14)  # It also hides the steps of a gradient.
    return ImageChops.add(canvas.resize(size, Image.Resampling.LANCZOS), Image.merge("RGB", [grain] * 3), 1, -128)


def _mix(first: Color, second: Color, share: float) -> Color:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _along(colors: list[Color], share: float) -> Color:
    """The color at a share (0 to 1) of the way through a list of them."""
    place = min(max(share, 0.0), 1.0) * (len(colors) - 1)
    index = min(int(place), len(colors) - 2)
    return _mix(colors[index], colors[index + 1], place - index)


def _gradient(width: int, height: int, colors: list[Color], slant: float = 0.0) -> Image.Image:
    """From the top to the bottom; `slant` lets it lean to one side."""
    small = Image.new("RGB", (64, 64))
    small.putdata([_along(colors, y / 63 + slant * (x / 63 - 0.5)) for y in range(64) for x in range(64)])
    return small.resize((width, height), Image.Resampling.BILINEAR)


def _glow(canvas: Image.Image, center: Point, radius: float, color: Color, strength: float) -> None:
    """A soft round light that fades to nothing."""
    halo = Image.radial_gradient("L").point(lambda value: round(max(0, 1 - value / 180) ** 2 * 255 * strength))
    canvas.paste(color, (round(center[0] - radius), round(center[1] - radius)), halo.resize((round(radius * 2),) * 2))


def _disc(draw: ImageDraw.ImageDraw, center: Point, radius: float, fill: Color | int) -> None:
    draw.ellipse((center[0] - radius, center[1] - radius, center[0] + radius, center[1] + radius), fill=fill)


def _soften(canvas: Image.Image, mask: Image.Image, color: Color, blur: float, strength: float, drop: int = 0) -> None:
    """A blurred shadow or light in the form of a mask, painted eight times smaller."""
    small = mask.reduce(8).filter(ImageFilter.GaussianBlur(blur)).point(lambda value: value * strength)
    large = small.resize(canvas.size, Image.Resampling.BICUBIC)
    canvas.paste(color, (0, drop), large)
    canvas.paste(color, (0, 0), large.crop((0, 0, canvas.width, drop)))


def dawn_waves(rng: random.Random, width: int, height: int) -> Image.Image:
    """Layered waves under a low sun, or under the moon."""
    sky, light, far = rng.choice([(DAWN, (255, 240, 214), (240, 196, 160)), (DUSK, (244, 224, 204), (176, 152, 158))])
    canvas = _gradient(width, height, [*sky, sky[-1]], slant=0.12)
    sun = (width * rng.choice((rng.uniform(0.22, 0.36), rng.uniform(0.6, 0.76))), height * rng.uniform(0.3, 0.4))
    _glow(canvas, sun, height * 0.75, light, 0.85)
    _disc(ImageDraw.Draw(canvas), sun, height * 0.1, (252, 243, 226))
    for share in (layer / 7 for layer in range(8)):
        crest = _mix(_along(SEAS, 0.22 + share * 0.78), far, 0.75 * (1 - share) ** 1.5)
        low = _mix(crest, INK, 0.25)
        edge = [height * (0.47 + share * 0.43)] * 161
        for order in range(1, 6):
            pace, phase = math.tau * rng.uniform(0.5, 1.25) * (order - 0.4) / 160, rng.uniform(0, math.tau)
            swell = height * (0.022 + 0.026 * share) / order**1.35
            edge = [y + swell * math.sin(pace * step + phase) for step, y in enumerate(edge)]
        mask, fill = Image.new("L", canvas.size), Image.new("RGB", canvas.size, low)
        outline = [(width * step / 160, y) for step, y in enumerate(edge)] + [(width, height), (0, height)]
        ImageDraw.Draw(mask).polygon(outline, fill=255)
        fill.paste(_gradient(width, height // 4, [_mix(crest, PAPER, 0.3), crest, low]), (0, int(min(edge))))
        canvas.paste(fill, mask=mask)
    return canvas


def ripples(rng: random.Random, width: int, height: int) -> Image.Image:
    """Rings that spread and cross on still water."""
    canvas = _gradient(width, height, SEAS[1:5], slant=0.5)
    _glow(canvas, (width * 0.2, height * 0.05), width * 0.55, (252, 238, 214), 0.75)
    for across, down, reach in ((0.33, 0.60, 1.0), (0.74, 0.34, 0.62), (0.88, 0.86, 0.34)):
        x, y = width * (across + rng.uniform(-0.04, 0.04)), height * (down + rng.uniform(-0.04, 0.04))
        mask, rings = Image.new("L", canvas.size), round(15 * reach**0.5)
        for ring in range(rings, -1, -1):
            radius = width * (0.006 + 0.55 * reach * (ring / rings) ** 1.25)
            fade = (1 - ring / (rings + 1)) ** 0.9
            box = (x - radius, y - radius * 0.56, x + radius, y + radius * 0.56)
            ImageDraw.Draw(mask).ellipse(box, None, round(215 * fade), round(4 + 9 * fade))
        _soften(canvas, mask, SEAS[5], 1.4, 0.85, drop=16)
        canvas.paste((253, 246, 230), mask=mask)
    return canvas


def contours(rng: random.Random, width: int, height: int) -> Image.Image:
    """A landscape cut from layers of paper."""
    width, height, layers = width // 2, height // 2, 9  # The masks are smooth already, without supersampling.
    land = [0.012 * (place % 80) for place in range(80 * 45)]
    for _ in range(11):
        x, y, spread = rng.uniform(0, 80), rng.uniform(0, 45), rng.uniform(7, 19)
        size = rng.uniform(0.5, 1) * rng.choice((1, 1, -1))
        for place in range(len(land)):
            land[place] += size * math.exp(-((place % 80 - x) ** 2 + (place // 80 - y) ** 2) / spread**2)
    field, low, high = Image.new("F", (80, 45)), min(land), max(land)
    field.putdata([(value - low) / (high - low) for value in land])
    large = field.resize((width, height), Image.Resampling.BICUBIC, box=(3, 2, 77, 43))
    colors = [SEAS[4], SEAS[3], SEAS[2], SEAS[1], PAPER, (240, 216, 186), (226, 184, 148)]
    canvas = _gradient(width, height, [_mix(SEAS[5], INK, 0.35), SEAS[5]])
    for layer in range(1, layers):
        mask = large.point(lambda value, at=layer / layers: value * 110000 - at * 110000).convert("L")
        _soften(canvas, mask, INK, 1.5, 0.5, drop=13)
        color = _along(colors, (layer - 1) / (layers - 2))
        canvas.paste(_gradient(width, height, [_mix(color, PAPER, 0.10), _mix(color, INK, 0.08)], 0.3), mask=mask)
    return canvas


def _leaf(center: Point, length: float, angle: float, bend: float) -> tuple[list[Point], list[Point]]:
    """The outline of a leaf and its midrib."""

    def turned(along: float, side: float) -> Point:
        x, y = (along - 0.5) * length, length * bend * math.sin(math.pi * along)
        y += side * 0.19 * length * math.sin(math.pi * along**0.82) ** 1.15
        cosine, sine = math.cos(angle), math.sin(angle)
        return center[0] + x * cosine - y * sine, center[1] + x * sine + y * cosine

    steps = [step / 24 for step in range(25)]
    outline = [turned(step, 1) for step in steps] + [turned(step, -1) for step in reversed(steps)]
    return outline, [turned(step, 0) for step in steps]


def drifting_leaves(rng: random.Random, width: int, height: int) -> Image.Image:
    """Leaves carried along on the wind."""
    canvas = _gradient(width, height, [(228, 233, 224), PAPER, (240, 226, 204)], slant=0.4)
    _glow(canvas, (width * 0.8, height * 0.15), width * 0.45, (255, 249, 234), 0.8)
    phase = rng.uniform(0, math.tau)
    for depth, (count, length) in enumerate([(34, 0.042), (30, 0.075), (17, 0.125)]):
        leaves, mask = [], Image.new("L", canvas.size)
        for place in range(count):
            share = (place + rng.uniform(0, 1)) / count
            center = (width * share, height * (0.5 + 0.22 * math.sin(5.3 * share + phase) + rng.gauss(0, 0.17)))
            angle = math.atan(0.65 * math.cos(5.3 * share + phase)) + rng.gauss(0, 0.5)
            leaves.append(_leaf(center, width * length * rng.uniform(0.75, 1.3), angle, rng.uniform(-0.12, 0.12)))
            ImageDraw.Draw(mask).polygon(leaves[-1][0], fill=255)
        _soften(canvas, mask, INK, 1 + 2 * depth, 0.08 + 0.07 * depth, drop=10 + 20 * depth)
        for outline, rib in leaves:
            color = _mix(rng.choice(LEAVES), PAPER, (0.6, 0.28, 0.0)[depth])
            ImageDraw.Draw(canvas).polygon(outline, fill=color)
            ImageDraw.Draw(canvas).line(rib, fill=_mix(color, PAPER, 0.55), width=2 + 2 * depth, joint="curve")
    return canvas


def _grow(rng: random.Random, draw: ImageDraw.ImageDraw, start: Point, angle: float, girth: float) -> None:
    """One branch with its side branches, tapering to a small bulb, on a mask."""
    (x, y), heading, turn = start, angle, 0.0
    while girth > 1.4:
        turn = turn * 0.9 + rng.gauss(0, 0.014) + 0.012 * (heading - angle)
        angle += turn
        x, y = x + 5.5 * math.cos(angle), y + 5.5 * math.sin(angle)
        _disc(draw, (x, y), girth, 255)
        girth *= 0.9935
        if rng.random() < 0.0125:
            _grow(rng, draw, (x, y), angle + rng.choice((-1, 1)) * rng.uniform(0.35, 0.8), girth * 0.74)
            girth *= 0.92
    _disc(draw, (x, y), rng.uniform(3, 9), 255)


def neural_branches(rng: random.Random, width: int, height: int) -> Image.Image:
    """Nerve cells that reach for one another in the dark."""
    canvas = _gradient(width, height, DEEP, slant=0.35)
    _glow(canvas, (width * 0.7, height * 0.4), width * 0.5, (96, 150, 146), 0.55)
    cells = [(0.24, 0.66, (238, 206, 168)), (0.71, 0.36, (246, 234, 212)), (0.96, 0.94, (206, 140, 112))]
    for across, down, color in [(0.47, 0.06, SEAS[3]), (0.04, 0.12, SEAS[3]), *cells]:
        x, y = width * (across + rng.uniform(-0.03, 0.03)), height * (down + rng.uniform(-0.05, 0.05))
        mask = Image.new("L", canvas.size)
        draw = ImageDraw.Draw(mask)
        for arm in range(7):
            _grow(rng, draw, (x, y), (arm + rng.uniform(-0.3, 0.3)) * math.tau / 7, width * rng.uniform(0.0042, 0.0068))
        _disc(draw, (x, y), width * 0.0125, 255)
        _soften(canvas, mask, color, 1.2 if color == SEAS[3] else 4, 0.48)
        if color != SEAS[3]:  # The far cells stay out of focus.
            _glow(canvas, (x, y), width * 0.16, color, 0.5)
            canvas.paste(color, mask=mask)
            _disc(ImageDraw.Draw(canvas), (x, y), width * 0.0055, _mix(color, DEEP[1], 0.75))
    return canvas


def lattice(rng: random.Random, width: int, height: int) -> Image.Image:
    """A loose net of rings, like a molecule drawn from memory."""
    canvas = _gradient(width, height, [PAPER, (232, 232, 222), (206, 219, 212)], slant=0.5)
    for _ in range(5):
        _glow(canvas, (rng.uniform(0, width), rng.uniform(0, height)), width * 0.3, rng.choice(SILKS[1:]), 0.28)
    side, nodes = width * 0.062, {}
    for row, column, half in itertools.product(range(-1, 8), range(-1, 11), (0, 1)):
        x = side * (1.732 * (column + 0.5 * (row % 2)) + rng.gauss(0, 0.07))
        y = side * (1.5 * row + half + rng.gauss(0, 0.07)) + 0.08 * height * math.sin(x / width * 4)
        weight = math.exp(-((y / height - 0.78 + 0.5 * x / width) ** 2) / 0.08)
        if rng.random() < 0.16 + 0.95 * weight:
            nodes[row, column, half] = ((x, y), weight)
    draw = ImageDraw.Draw(canvas)
    for (row, column, half), (place, weight) in nodes.items():
        for other in ((row, column, 0), (row + 1, column - 1 + row % 2, 0), (row + 1, column + row % 2, 0)):
            if half and other in nodes:
                bond = 0.25 + 0.6 * min(weight, nodes[other][1])
                draw.line([place, nodes[other][0]], _mix((206, 214, 206), SILKS[0], bond), round(3 + 8 * bond))
    for (x, y), weight in nodes.values():
        radius = side * rng.choice((0.07, 0.1, 0.1, 0.14, 0.22)) * (0.5 + 0.7 * weight)
        color = _mix((214, 220, 212), rng.choice(SILKS), 0.3 + 0.7 * weight)
        _disc(draw, (x, y), radius * 1.22, PAPER)
        _disc(draw, (x, y), radius, color)
        _disc(draw, (x - radius * 0.28, y - radius * 0.3), radius * 0.34, _mix(color, PAPER, 0.4))
    return canvas


def woven_threads(rng: random.Random, width: int, height: int) -> Image.Image:
    """Fine threads that gather, cross, and part."""
    canvas = _gradient(width, height, [(240, 232, 218), PAPER, (226, 229, 220)], slant=0.3)
    draw = ImageDraw.Draw(canvas)
    for number, (level, swing, spread) in enumerate([(0.30, 0.13, 0.24), (0.70, -0.12, 0.22), (0.5, 0.17, 0.33)]):
        pace, phase, twist = rng.uniform(3.4, 5), rng.uniform(0, math.tau), rng.uniform(3.5, 5.5)
        for thread in range(46):
            share = thread / 45
            color = _mix(_along(SILKS, (share * 0.75 + number * 0.25) % 1.0), PAPER, 0.12 * (2 - number))
            line: list[Point] = []
            for t in (step / 120 for step in range(121)):
                y = level + swing * math.sin(pace * t + phase) + spread * (share - 0.5) * math.cos(twist * t + phase)
                line.append((t * width, height * (y + 0.012 * math.sin(9 * t + share * 5))))
            draw.line([(x, y + 5) for x, y in line], fill=_mix(color, INK, 0.35), width=9, joint="curve")
            draw.line(line, fill=color, width=9, joint="curve")
            draw.line([(x, y - 2) for x, y in line], fill=_mix(color, (255, 252, 244), 0.35), width=3)
    return canvas


_DRAWINGS = (dawn_waves, ripples, contours, drifting_leaves, neural_branches, lattice, woven_threads)
MOTIFS: dict[str, Callable[[random.Random, int, int], Image.Image]] = {draw.__name__: draw for draw in _DRAWINGS}
