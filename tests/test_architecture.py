"""The house stays as it was built: directions, sizes, names, and who may mark HTML as safe."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("ketablog", "posts", "comments")
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST = 300
SAY_NOTHING = {"utils", "helpers", "services", "selectors", "core", "common", "misc"}
# The article page is where articles and replies meet.
MAY_MEET = {Path("posts/views.py")}
FORBIDDEN = {"ketablog": {"posts", "comments"}, "posts": {"comments"}, "comments": set()}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path):
    relative = path.relative_to(ROOT)
    if relative not in MAY_MEET:
        assert not imports_of(path) & FORBIDDEN[relative.parts[0]]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_small_and_its_name_says_its_subject(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert path.stem not in SAY_NOTHING


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_markup_marks_html_as_safe(path):
    if ROOT / "ketablog" / "markup" not in path.parents:
        text = path.read_text(encoding="utf-8")
        assert "mark_safe" not in text
        assert not re.search(r"\bSafeString\([^)]", text)


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "views.py"], ids=name_of)
def test_a_view_uses_verbs_and_is_short(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        assert function.end_lineno - function.lineno <= 30, function.name
        called = {
            node.func.attr
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert "filter" not in called, f"{function.name}: give the queryset a verb"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "models" in path.stem or "models" in path.parts], ids=name_of
)
def test_models_are_wired_by_no_signals(path):
    assert "django.db.models.signals" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_no_inline_script_or_style_and_trusts_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape off|<style|\sstyle=|\son\w+=|javascript:", text)
    # What search engines read is data, which no browser runs.
    assert not re.search(r"<script(?![^>]*\bsrc=)", text.replace('<script type="application/ld+json">', ""))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name.startswith("_")], ids=name_of)
def test_a_partial_says_first_what_it_needs(path):
    assert path.read_text(encoding="utf-8").startswith("{#")
