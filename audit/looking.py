"""One page, looked at as a reader's browser gets it: what it costs, what it complains of, what sticks out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request
from playwright.sync_api import Page as Tab

from audit.pages import MOST_KB, MOST_REQUESTS, MOST_SHIFT, Page

KINDS = {"stylesheet": "css", "script": "js"}
WIDTHS = (360, 1280)
HEIGHT = 900
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WATCH = """
window.seen = {shift: 0, violations: []};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
addEventListener("securitypolicyviolation", (e) => seen.violations.push(`${e.violatedDirective}: ${e.blockedURI}`));
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
  }
}"""
WIDEN_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html { font-size: 200% }");
  document.adoptedStyleSheets = [sheet];
}"""
# What stands outside the page and is no part of a box that scrolls by itself.
STICKING_OUT = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return "";
  const widest = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => e.localName + (e.className && e.className.baseVal === undefined ? "." + e.className : ""));
  return `${document.documentElement.scrollWidth} px wide, among others ${widest.slice(0, 3).join(", ")}`;
}"""


@dataclass(slots=True)
class Report:
    page: Page
    kilobytes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("html", "css", "js", "images"), 0.0))
    requests: int = 0
    shift: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def text_kilobytes(self) -> float:
        return sum(self.kilobytes[kind] for kind in ("html", "css", "js"))


def look_at(browser: Browser, base: str, page: Page) -> Report:
    """Everything there is to say about a page; no finding is good news."""
    report = Report(page)
    _load(browser, base, report)
    report.findings += _over_budget(report)
    report.findings += _too_wide(browser, base + page.path)
    report.findings += _not_accessible(browser, base + page.path)
    return report


def _load(browser: Browser, base: str, report: Report) -> None:
    """Load it once, with nothing in the cache and nothing of ours in the page but a watcher."""
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
    context.add_init_script(WATCH)
    tab = context.new_page()
    requests: list[Request] = []
    said: list[ConsoleMessage] = []
    tab.on("request", lambda request: requests.append(request))
    tab.on("console", lambda message: said.append(message))
    tab.on("pageerror", lambda error: report.findings.append(f"script: {error}"))
    response = tab.goto(base + report.page.path, wait_until="networkidle")
    tab.evaluate(SCROLL)
    tab.wait_for_load_state("networkidle")
    if response is None or response.status != report.page.status:
        report.findings.append(f"status {response and response.status}, not {report.page.status}")
    seen = tab.evaluate("seen")
    report.shift = round(seen["shift"], 4)
    report.findings += [f"policy violated: {violation}" for violation in seen["violations"]]
    # That an address is not found is what such a page says.
    report.findings += [
        f"console: {m.text}" for m in said if m.type != "info" and f" {report.page.status} " not in m.text
    ]
    for request in requests:
        _count(request, base, report)
    context.close()


def _count(request: Request, base: str, report: Report) -> None:
    if urlsplit(request.url).netloc != urlsplit(base).netloc:
        report.findings.append(f"asks another host: {request.url}")
        return
    response = request.response()
    is_image = response is not None and (response.header_value("content-type") or "").startswith("image/")
    kind = "images" if is_image else KINDS.get(request.resource_type, "html")
    report.kilobytes[kind] += request.sizes()["responseBodySize"] / 1024
    report.requests += kind != "images"


def _over_budget(report: Report) -> Iterator[str]:
    sizes = {**report.kilobytes, "text": report.text_kilobytes}
    for kind, most in MOST_KB.items():
        if sizes[kind] > most:
            yield f"{kind}: {sizes[kind]:.1f} KB, at most {most}"
    if report.requests > MOST_REQUESTS:
        yield f"{report.requests} requests besides images, at most {MOST_REQUESTS}"
    if report.shift > MOST_SHIFT:
        yield f"layout shift {report.shift}"


def _too_wide(browser: Browser, url: str) -> Iterator[str]:
    """At 320 pixels, and with text alone at twice its size on twice as many."""
    with browser.new_context(viewport={"width": 320, "height": HEIGHT}) as context:
        tab = _open(context, url)
        if words := tab.evaluate(STICKING_OUT):
            yield f"at 320 px: {words}"
        tab.set_viewport_size({"width": 640, "height": HEIGHT})
        tab.evaluate(WIDEN_TEXT)
        if words := tab.evaluate(STICKING_OUT):
            yield f"text at 200 %: {words}"


def _not_accessible(browser: Browser, url: str) -> Iterator[str]:
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            viewport = {"width": width, "height": HEIGHT}
            with browser.new_context(viewport=viewport, color_scheme=scheme) as context:  # type: ignore[arg-type]
                results = Axe().run(_open(context, url), options=RULES)
            for violation in results.response["violations"]:
                where = ", ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
                yield f"axe, {scheme}, {width} px: {violation['id']} at {where}"


def _open(context: BrowserContext, url: str) -> Tab:
    tab = context.new_page()
    tab.goto(url)
    return tab
