"""`python -m audit [BASE_URL [PATH…]]`: what pages cost and what is wrong with them; fails where anything is."""

import argparse
import sys

from audit.chromium import chromium
from audit.demo_site import demo_site
from audit.looking import Report, look_at
from audit.pages import DEMO_PAGES, Page

ROW = "{:<24}{:>9}{:>9}{:>7}{:>7}{:>7}{:>9}{:>7}{:>10}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="audit", description=__doc__)
    parser.add_argument("base_url", nargs="?", help="a site that runs; without one, the demo is set up for it")
    parser.add_argument("paths", nargs="*", default=["/"], help="which of its pages; without one, /")
    given = parser.parse_args()
    if given.base_url:
        return audit(given.base_url.rstrip("/"), [Page(path, path) for path in given.paths])
    print("Setting up a demo site to look at …", flush=True)
    with demo_site(many_replies=True) as site:
        return audit(site.url, DEMO_PAGES)


def audit(base: str, pages: list[Page]) -> int:
    print(ROW.format("", "requests", "KB text", "html", "css", "js", "images", "shift", "findings"))
    with chromium() as browser:
        reports = [told(look_at(browser, base, page)) for page in pages]
    for report in reports:
        for finding in report.findings:
            print(f"{report.page.name}: {finding}")
    return 1 if any(report.findings for report in reports) else 0


def told(report: Report) -> Report:
    sizes = [f"{size:.1f}" for size in (report.text_kilobytes, *report.kilobytes.values())]
    print(ROW.format(report.page.name, report.requests, *sizes, report.shift, len(report.findings)), flush=True)
    return report


sys.exit(main())
