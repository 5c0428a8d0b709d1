"""What the documents say is there: commands, files, headings, decisions."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

DOCS = [*settings.BASE_DIR.glob("*.md"), *(settings.BASE_DIR / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")


def headings(text: str) -> set[str]:
    """As a viewer of Markdown makes addresses of them."""
    return {
        re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in re.findall(r"(?m)^#+ (.*)$", text)
    }


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_all_that_a_document_leads_to_is_there(file):
    text = file.read_text()
    for path, heading in LINK.findall(text):
        target = (file.parent / path) if path else file
        assert target.exists(), path
        assert not heading or heading in headings(target.read_text()), heading
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text)) - {"check", "createsuperuser", "axes_reset"}
    assert commands <= set(get_commands())


def test_decisions_are_numbered_without_a_gap():
    decisions = sorted((settings.BASE_DIR / "docs" / "decisions").glob("*.md"))
    for number, decision in enumerate(decisions, start=1):
        assert decision.name.startswith(f"{number:04}-")
        assert decision.read_text().startswith(f"# {number}. ")


def test_every_room_that_the_architecture_names_is_there():
    text = (settings.BASE_DIR / "docs" / "architecture.md").read_text()
    paths = set(re.findall(r"`((?:comments|posts|ketablog|static|templates)/[\w/.-]+)", text))
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (settings.BASE_DIR / path).exists()] == []
