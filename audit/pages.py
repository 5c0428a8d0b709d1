"""Which pages are looked at, and what each may cost."""

from dataclasses import dataclass

from audit.more_replies import SLUG


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    status: int = 200


DEMO_PAGES = [
    Page("home", "/"),
    Page("article, 50 replies", f"/posts/{SLUG}/"),
    Page("list", "/category/depression/"),
    Page("search", "/search/?q=ketamine"),
    Page("flat page", "/about/"),
    Page("reply form", f"/posts/{SLUG}/comments/"),
    Page("not found", "/nothing-here/", 404),
]

# Kilobytes as they are sent, headers and images aside.
MOST_KB = {"text": 30, "css": 9, "js": 5}
MOST_REQUESTS = 4
MOST_SHIFT = 0.0
