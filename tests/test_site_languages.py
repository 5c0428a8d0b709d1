"""The site speaks its clinic's language: every word has a translation, and pages, mails and dates follow it."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone, translation

from comments.models import DataRequest
from comments.notifications import tell_held
from ketablog import invitations, markup, roles
from ketablog.mail import compose
from ketablog.secrets import sign_id, sign_id_for_now
from posts.models import Attachment, Review
from tests.base import (
    make_category,
    make_comment,
    make_mo,
    make_page,
    make_person,
    make_post,
    make_site,
    make_user,
    reply_data,
)
from tests.catalogs import bracketed_english, read_mo, read_po
from tests.queue import run_tasks
from tests.test_site_settings import FORM as SETTINGS
from tests.test_site_settings import settings_data

ROOT = Path(settings.BASE_DIR)
FOLDERS = sorted((ROOT / "locale").glob("*/LC_MESSAGES"))
IN_EVERY_CATALOG = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
# What a translation must hand on as it stands.
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w[^>]*>")
MAY = datetime(2025, 5, 5, 2, 0, tzinfo=UTC)


# The catalogs


@IN_EVERY_CATALOG
def test_every_text_is_translated_and_none_is_a_guess(folder):
    for words, entry in read_po(folder / "django.po").items():
        assert all(entry.translations), words
        assert not any("fuzzy" in note for note in entry.notes), words


@IN_EVERY_CATALOG
def test_a_translation_keeps_what_is_filled_in(folder):
    for entry in read_po(folder / "django.po").values():
        one, *more = entry.translations
        wanted = sorted(FILLED_IN.findall(entry.plural or entry.english))
        assert sorted(FILLED_IN.findall(one)) in (wanted, sorted(FILLED_IN.findall(entry.english))), entry.english
        for text in more:
            assert sorted(FILLED_IN.findall(text)) == wanted, entry.plural


@IN_EVERY_CATALOG
def test_the_compiled_catalog_is_that_of_its_source(folder):
    source = {words: entry.translations for words, entry in read_po(folder / "django.po").items()}
    assert read_mo(folder / "django.mo") == source, "run `make messages`"


@IN_EVERY_CATALOG
def test_plurals_are_counted_as_djangos_own_catalog_counts_them(folder):
    own = translation.trans_real.translation(folder.parent.name)
    text = (folder / "django.po").read_text(encoding="utf-8")
    rule = re.search(r"Plural-Forms: (.*?)\\n", text)
    assert rule[1].rstrip(";") == own._info["plural-forms"].rstrip(";")


def test_the_catalog_holds_every_text_of_the_sources_and_nothing_else(tmp_path):
    if shutil.which("xgettext") is None:
        pytest.skip("no gettext: apt-get install gettext")
    for name in ("comments", "ketablog", "posts", "templates", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "demo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--all", "--no-obsolete", "--no-location", "--no-wrap"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    for folder in FOLDERS:
        collected = read_po(tmp_path / folder.relative_to(ROOT) / "django.po")
        assert collected.keys() == read_po(folder / "django.po").keys(), "run `make messages`"


# Nothing escapes translation


class Words(HTMLParser):
    """All that a page says to people: its text, and the attributes that are read aloud or shown."""

    SILENT = {"script", "style", "code", "pre"}
    SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-answer", "data-done", "data-empty", "data-failed"}
    BUTTONS = {"submit", "button", "reset"}

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in self.SILENT:
            self.inside.append(tag)
        is_button = tag == "input" and values.get("type") in self.BUTTONS
        self.said += [value or "" for name, value in attrs if name in self.SPOKEN or (is_button and name == "value")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


# Names that are the same in every language, what was typed, and what Django's own admin leaves in English.
NAMES = re.compile(
    r"\b(?:ketablog|PDF|DOI|PMID|H[234]|Facebook|X|LinkedIn|Reddit|WhatsApp|Telegram|Bluesky)\b"
    r"|\S+@\S+|https?://\S+|\S+\.pdf|\b(?:Search|True|False)\b|\bPost[_-]attachments? (?:object|relationships?)\b"
)


def untranslated(html: str) -> list[str]:
    """The words of a page in Latin letters that stand in no brackets of `bracketed_english`."""
    page = Words()
    page.feed(html)
    text = "\n".join(page.said)
    before = None
    while text != before:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return re.findall(r"[A-Za-z]{2,}[A-Za-z ]*", NAMES.sub(" ", text))


@pytest.fixture
def greek(db):
    """A site on which all that people typed is in Greek letters, so that Latin ones are the program's."""
    make_site(
        name="Λιμάνι", tagline="Ήρεμα", navigation="Αρχή | /", help_lines="Βοήθεια | tel:988", opening_hours="9–17",
        networks=["facebook", "x"],
    )  # fmt: skip
    writer = make_person(name="Άδα", credentials="Δρ", role="Ιατρός", bio="Γράφει.")
    post = make_post(
        "Ύπνος", slug="1", writer=writer, category=make_category("Νύχτα", slug="2"), standfirst="Λίγα λόγια.",
        body="<h2>Ένα</h2><p>Δύο</p>", key_points="Τρία", action_text="Ελάτε", action_label="Εδώ", action_url="/5/",
    )  # fmt: skip
    post.references.create(title="Πηγή", source="Περιοδικό", year=2020, kind="trial", position=1)
    post.attachments.add(Attachment.objects.create(title="Φύλλο", file="leaflets/1.pdf", size=5000))
    parent = make_comment(post, "Ευχαριστώ", name="Ρίτα")
    make_comment(post, "Κι εγώ", name="Σαμ", parent=parent, website="https://sam.example/")
    return post


def boss(client) -> None:
    user = make_user("μο", roles.SITE_MANAGERS, first_name="Μο", last_name="Μο", is_superuser=True, email="1@2.gr")
    client.force_login(user)


PUBLIC = [
    "/", "/posts/1/", "/posts/1/comments/", "/category/2/", "/author/άδα/", "/nothing/", "/?page=9",
    "/posts/1/?comments=7", "/admin/login/", "/admin/password/", "/admin/password/sent/",
    "/privacy/my-data/", "/privacy/my-data/asked/", "/privacy/my-data/x/", "/moderate/x/",
]  # fmt: skip
STAFF = [
    "/posts/1/", "/admin/", "/admin/comments/comment/", "/admin/comments/comment/?status=all&q=1",
    "/admin/comments/comment/{reply}/change/", "/admin/comments/comment/{reply}/delete/", "/admin/comments/decision/",
    "/admin/comments/decision/figures/", "/admin/comments/dataact/",
    "/admin/posts/post/", "/admin/posts/post/add/", "/admin/posts/post/{post}/change/",
    "/admin/posts/post/{post}/review/", "/admin/posts/post/{post}/delete/", "/admin/posts/image/add/",
    "/admin/posts/attachment/", "/admin/posts/person/", "/admin/posts/category/add/", "/admin/posts/page/add/",
    "/admin/ketablog/user/", "/admin/ketablog/user/add/", "/admin/axes/accessattempt/",
    "/admin/django_tasks_database/dbtaskresult/",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_no_word_that_a_reader_sees_escapes_translation(client, greek, address):
    with bracketed_english():
        assert untranslated(client.get(address).text) == []


@pytest.mark.parametrize("address", STAFF)
def test_no_word_that_staff_see_escapes_translation(client, greek, address):
    boss(client)
    address = address.format(post=greek.pk, reply=greek.comments.first().pk)
    with bracketed_english():
        response = client.get(address)
        assert response.status_code == 200
        assert untranslated(response.text) == []


def test_no_word_of_a_mail_escapes_translation(greek):
    user = make_user("2", first_name="Μο")
    with bracketed_english():
        written = [
            compose("invitation", "1@2.gr", user=user, link="https://5.gr/", days=3),
            compose("new_password", "1@2.gr", user=user, link="https://5.gr/", days=1),
            compose("held", "1@2.gr", title="Ύπνος", is_urgent=True, since=MAY, reasons=[], waiting=2, may_decide=True),
            compose("held", "1@2.gr", title="Ύπνος", is_urgent=False, since=MAY, reasons=[], waiting=1),
            compose("my_data", "1@2.gr", link="https://5.gr/"),
        ]
    for message in written:
        assert untranslated(f"{message.subject}\n{message.body}") == []


@pytest.mark.parametrize("act", ["list", "read", "erase", "unname", "rename"])
def test_no_word_behind_the_link_to_ones_own_replies_escapes_translation(client, greek, act):
    asked = DataRequest(used_at=timezone.now())
    asked.email = "rita@example.org"
    asked.save()
    form = {"key": sign_id("my-data-key", asked.pk), "act": act}
    with bracketed_english():
        assert untranslated(client.get(f"/privacy/my-data/{sign_id_for_now('my-data-link', asked.pk)}/").text) == []
        assert untranslated(client.post("/privacy/my-data/replies/", form).text) == []
        if act not in ("list", "read"):
            assert untranslated(client.post("/privacy/my-data/replies/", {**form, "asked": "1"}).text) == []
            assert untranslated(client.post("/privacy/my-data/replies/", {**form, "sure": "1"}).text) == []


# The site in Spanish


@pytest.fixture
def spanish(db):
    return make_site(name="Clínica del Puerto", language="es", time_zone="America/New_York")


def test_an_article_is_told_in_spanish_with_dates_of_the_clinics_own_clock(client, spanish):
    post = make_post("El sueño", slug="sueno", published=MAY)
    make_comment(post, name="Rita")
    response = client.get("/posts/sueno/")
    assert response.headers["Content-Language"] == "es"
    assert '<html lang="es">' in response.text
    for words in ("Una respuesta", "Deje una respuesta", "Su correo electrónico no se publicará.", "4 de mayo de 2025"):
        assert words in response.text
    make_comment(post, name="Sam")
    assert "2 respuestas" in client.get("/posts/sueno/").text


def test_help_lines_that_nobody_changed_are_in_spanish_and_others_stay_as_they_are(client, spanish):
    make_post("El sueño", slug="sueno")
    page = client.get("/posts/sueno/").text
    assert '<a href="tel:988">Línea 988 de Prevención del Suicidio y Crisis (llame o envíe un mensaje)</a>' in page
    assert '<a href="tel:911">Servicios de emergencia</a>' in page
    assert ">Inicio</a>" in page
    make_site(help_lines=spanish.help_lines.replace("\n", "\r\n"))
    assert "Servicios de emergencia" in client.get("/posts/sueno/").text
    make_site(help_lines="Emergency services | tel:112")
    assert '<a href="tel:112">Emergency services</a>' in client.get("/posts/sueno/").text


def test_numbers_choose_their_words_in_english_too(client, db):
    post = make_post("Sleep", slug="sleep")
    assert "No replies yet" in client.get("/posts/sleep/").text
    make_comment(post)
    assert "One reply\n" in client.get("/posts/sleep/").text
    make_comment(post)
    assert "2 replies\n" in client.get("/posts/sleep/").text


def test_a_refused_reply_comes_back_with_spanish_sentences(client, spanish):
    post = make_post("El sueño", slug="sueno")
    response = client.post("/posts/sueno/comments/", reply_data(post, email="rita"))
    assert response.status_code == 422
    assert "No se perdió nada. Por favor, revise esto una vez más:" in response.text
    assert "Esto no parece una dirección de correo electrónico." in response.text


def test_what_is_missing_or_fails_is_told_in_spanish(client, spanish):
    assert "Esta página no está aquí" in client.get("/nada/").text
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.test_site_errors"):
        response = client.get("/explode/")
    assert response.status_code == 500
    assert '<html lang="es">' in response.text
    assert "Algo salió mal" in response.text


def test_feeds_say_their_language(client, spanish):
    make_post("El sueño")
    assert "<language>es</language>" in client.get("/feed/").text
    assert 'xml:lang="es"' in client.get("/feed/atom/").text


def test_staff_work_in_spanish(client, spanish):
    client.force_login(make_mo())
    make_comment(make_post("El sueño"), "Una pregunta", status="pending", name="Rita")
    page = client.get("/admin/comments/comment/").text
    for words in ('lang="es"', "Aprobar", "En espera", "Respuestas marcadas:"):
        assert words in page


def test_dates_are_typed_as_the_language_writes_them(client, spanish):
    user = make_user("ada", roles.REVIEWERS)
    make_person(name="Ada Reviewer", user=user)
    post = make_post("El sueño", writer=make_person(name="Otra"))
    client.force_login(user)
    page = client.get(f"/admin/posts/post/{post.pk}/review/").text
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    client.post(
        f"/admin/posts/post/{post.pk}/review/", {"digest": digest, "reviewed_on": "04/05/2025", "due_on": "04/05/2031"}
    )
    assert Review.objects.get().reviewed_on == date(2025, 5, 4)


def test_groups_are_offered_by_their_names_in_spanish_and_stored_by_their_own(client, spanish):
    client.force_login(make_user("meg", roles.SITE_MANAGERS))
    page = client.get("/admin/ketablog/user/add/").text
    assert ">Moderación</option>" in page
    assert ">Moderators</option>" not in page
    assert ">Moderación</a>" in client.get("/admin/ketablog/user/").text


def test_a_mail_is_written_in_the_sites_language_whatever_the_worker_speaks(spanish, mails):
    make_mo()
    comment = make_comment(make_post("El sueño"), status="pending", created_at=MAY)
    tell_held(comment)
    with translation.override("de"):
        [message] = mails()
    assert message.subject == "Una respuesta espera en “El sueño”"
    assert "espera una decisión desde el 4 de mayo de 2025 a las 22:00." in message.body
    assert "En total espera 1 respuesta." in message.body


def test_what_commands_store_is_worded_in_the_sites_language(spanish, monkeypatch, tmp_path):
    spoken = []
    render = markup.render_article
    monkeypatch.setattr(
        markup, "render_article", lambda *args: [spoken.append(translation.get_language()), render(*args)][1]
    )
    file = tmp_path / "article.txt"
    file.write_text("El sueño\n\nLo que sabemos.\n")
    call_command("import_article", file)
    call_command("render_again")
    assert set(spoken) == {"es"}


def test_stored_articles_and_pages_follow_a_change_of_the_language(client, spanish):
    body = '<blockquote class="note"><p>Dos horas.</p></blockquote>'
    post, page = make_post(body=body), make_page(body=body)
    assert ">Nota<" in post.body_html
    client.force_login(make_user("meg", roles.SITE_MANAGERS))
    told = client.post(SETTINGS, settings_data(language="en"), follow=True).text
    assert "Our own words in your articles, such as “Note”, follow in a moment." in told
    run_tasks()
    for row in (post, page):
        row.refresh_from_db()
        assert ">Note<" in row.body_html
    told = client.post(SETTINGS, settings_data(language="en", tagline="Calm"), follow=True).text
    assert "follow in a moment" not in told


def test_a_language_that_is_no_longer_offered_gives_english_pages_and_mails(client, mails):
    make_site(language="tlh")
    make_post("Sleep", slug="sleep")
    response = client.get("/posts/sleep/")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en">' in response.text
    assert "Share this post" in response.text
    user = make_user("mo")
    user.set_unusable_password()
    user.save()
    assert invitations.invite(user)
    assert mails()[0].subject == "Your account at ketablog"
