"""`python -m audit.screenshots`: the pictures in docs/screenshots, made anew from the demo."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from audit.chromium import chromium
from audit.demo_site import ROOT, DemoSite, demo_site
from audit.more_replies import SLUG

FOLDER = ROOT / "docs" / "screenshots"
ARTICLE = f"/posts/{SLUG}/"
DESK = "/admin/comments/comment/"
COLORS = 256
# Where the last block ends that the window shows whole.
LAST_LINE = """Math.floor(Math.max(...[...document.querySelectorAll("main p, main li, main figure")]
  .map((e) => e.getBoundingClientRect().bottom).filter((bottom) => bottom <= innerHeight)))"""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("Setting up a demo site to picture …", flush=True)
    with demo_site() as site, chromium() as browser:
        with opened(browser, site, "/") as tab:
            keep("home", tab)
        with opened(browser, site, ARTICLE) as tab:
            keep("article", tab)
            tab.evaluate("document.getElementById('replies').scrollIntoView()")
            keep("replies", tab)
            tab.emulate_media(media="print")
            tab.set_viewport_size({"width": 642, "height": 971})  # A4 without its margins, on the screen.
            tab.evaluate("scrollTo(0, 0)")
            tab.set_viewport_size({"width": 642, "height": tab.evaluate(LAST_LINE)})
            keep("print", tab, margin=76)
        with opened(browser, site, ARTICLE, width=390, height=844) as tab:
            keep("phone", tab)
        with opened(browser, site, ARTICLE, scheme="dark") as tab:
            keep("dark", tab)
        with opened(browser, site, f"/admin/login/?next={DESK}") as tab:
            tab.fill("[name=username]", "moderator")
            tab.fill("[name=password]", site.passwords["moderator"])
            tab.press("[name=password]", "Enter")
            tab.wait_for_url(f"**{DESK}*", wait_until="networkidle")
            keep("desk", tab)


@contextmanager
def opened(
    browser: Browser,
    site: DemoSite,
    path: str,
    *,
    width: int = 1280,
    height: int = 860,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        tab = context.new_page()
        tab.goto(site.url + path, wait_until="networkidle")
        yield tab


def keep(name: str, tab: Page, *, margin: int = 0) -> None:
    """What is seen now, as a small PNG; with a white margin of so many pixels where there is none."""
    picture = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    if margin:
        sheet = Image.new("RGB", (picture.width + 2 * margin, picture.height + 2 * margin), "white")
        sheet.paste(picture, (margin, margin))
        picture = sheet
    path = Path(FOLDER, f"{name}.png")
    # Without the rounds of k-means the few colors of the words go lost among those of the pictures.
    palette = picture.quantize(COLORS, method=Image.Quantize.MEDIANCUT, kmeans=3)
    picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
