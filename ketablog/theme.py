"""The clinic's accent color as a style sheet of its own, readable whatever color was picked.

Contrast is WCAG 2.2's: (L1 + 0.05) / (L2 + 0.05) of relative luminances, at least 4.5 for text.
"""

import colorsys
import hashlib
from functools import lru_cache

TEXT_CONTRAST = 4.5
# The darkest light surface of static/css/tokens.css, and a color a little lighter than its lightest dark one.
LIGHT_SURFACE = "#f4f2ec"
DARK_SURFACE = "#23292e"
# For what is drawn or asked for without a style sheet, as in tokens.css.
PAPER, INK, LINE = "#fbfaf6", "#1c2327", "#dedacf"


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1, of a color such as "#0f6e6e"."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colors, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(surface: str, color: str) -> str:
    """The color, made lighter or darker by as little as text on this surface needs."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    step = -0.01 if luminance(surface) > 0.18 else 0.01
    while contrast(color, surface) < TEXT_CONTRAST and 0 <= lightness <= 1:
        lightness += step
        channels = colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation)
        color = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
    return color


def on_light(accent: str) -> str:
    """The accent as words in it are written on any light surface."""
    return readable_on(LIGHT_SURFACE, accent.lower())


def style_sheet(accent: str) -> str:
    """The custom properties that tokens.css leaves to the clinic."""
    light, dark = on_light(accent), readable_on(DARK_SURFACE, accent.lower())
    return (
        f":root{{--accent-light:{light};--on-accent-light:{_text_on(light)};"
        f"--accent-dark:{dark};--on-accent-dark:{_text_on(dark)}}}\n"
    )


@lru_cache(100)
def digest(accent: str) -> str:
    """The name of this accent's style sheet: another one whenever its text is another one."""
    return hashlib.sha256(style_sheet(accent).encode()).hexdigest()[:12]


def _text_on(color: str) -> str:
    return max("#ffffff", "#0b0f12", key=lambda text: contrast(text, color))
