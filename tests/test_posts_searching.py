"""Readers search: what is found, in which order, with which words marked, and what is offered where nothing is."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from posts import search
from posts.models import Post, SearchEntry, SearchWord, Tag
from posts.publishing import settle
from posts.search import extracts, folding, queries
from posts.search.checks import index_is_whole, sqlite_can_search
from posts.search.engine import engine_of
from tests.base import make_category, make_person, make_post, make_site, make_user

HOSTILE = [
    *('"', '""', '"""', "'", "*", "ketamine*", "-ketamine", "NOT ketamine", "title:ketamine", "^ketamine", "a:b:c"),
    *("AND", "OR NOT", "NEAR(ketamine, 2)", "((ketamine", "{title}:x", "' OR 1=1 --", "%s %d %%", "\\", "<->", "&|!:*"),
    *("\x00", "ketamine\x00pain", "😀", "👩‍⚕️ ketamine", "\ud800".encode("utf-8", "replace").decode(), "𝕜etamine"),
    *(
        "<script>alert(1)</script>",
        "&amp;",
        "…",
        "1e5",
        "5-HT2A",
        "ﷺ",
        "抑郁症",
        "กี่",
        "é" * 50,
        "x" * 10_000,
        "a b " * 3000,
    ),
]


def found(text: str) -> list[str]:
    """The titles that a search finds, in their order."""
    return [hit.post.title for hit in search.find(text).hits]


# What is found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"title": "About zolpidem"},
        {"standfirst": "What zolpidem does."},
        {"key_points": "One\nZolpidem is a sleeping pill"},
        {"body": "<p>Some take <b>zolpidem</b>.</p>"},
        {"tags": ("zolpidem",)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_article_is_found_by_each_of_its_parts(client, put, fields):
    post = put(**fields)
    put("Another one")
    text = client.get("/search/", {"q": "Zolpidem"}).text
    assert post.get_absolute_url() in text
    assert "1 article<" in text
    assert "Another one" not in text


@pytest.mark.django_db
def test_what_stands_in_a_title_comes_first_then_what_sums_up_then_the_text(put):
    words = "<p>" + "Nausea passes. " * 300 + "</p>"
    put("In the text, often", body=words, published=timedelta(hours=1))
    put("In a tag", tags=("nausea",), published=timedelta(hours=2))
    put("In the standfirst", standfirst="About nausea, which passes.", published=timedelta(hours=3))
    put("Nausea in the title", published=timedelta(days=300))
    for number in range(4):
        put(f"Something else {number}")
    names = found("nausea")
    assert names[0] == "Nausea in the title"
    assert set(names[1:3]) == {"In a tag", "In the standfirst"}
    assert names[3:] == ["In the text, often"]


@pytest.mark.django_db
def test_among_equals_the_newest_comes_first(put):
    for days in (3, 1, 2):
        put(f"Sleep {days}", published=timedelta(days=days), body="<p>The same.</p>")
    assert found("sleep") == ["Sleep 1", "Sleep 2", "Sleep 3"]


@pytest.mark.django_db
def test_several_words_mean_all_of_them_wherever_they_stand(put):
    put("Ketamine", body="<p>For pain that stays.</p>")
    put("Ketamine for depression")
    assert found("pain ketamine") == ["Ketamine"]
    assert found("ketamine lighthouse") == []


@pytest.mark.django_db
def test_quoted_words_stand_side_by_side(put):
    put("Pain, chronic or not", body="<p>Chronic can be said of pain.</p>")
    put("On chronic pain")
    assert found('"chronic pain"') == ["On chronic pain"]
    assert found("“chronic pain”") == ["On chronic pain"]
    assert len(found("chronic pain")) == 2


@pytest.mark.django_db
def test_of_the_last_word_the_beginning_is_enough_and_of_others_it_is_not(put):
    put("Esketamine spray")
    assert found("spray esket") == ["Esketamine spray"]
    assert found("esket spray") == []
    assert found('"esket"') == []
    assert found("ketamine") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Depresión y dolor crónico", "DEPRESION cronico"),
        ("Straße ohne Übelkeit", "strasse ubelkeit"),
        ("Smørrebrød og søvn", "sovn"),
        ("La naïve étude de l’anxiété", "anxiete"),
        ("ﬁbromyalgia", "FIBROMYALGIA"),
        ("CO₂ in the blood", "co2"),
        ("Spravato™ explained", "spravato explained"),
        ("抑郁症的氯胺酮治疗", "氯胺酮"),
        ("うつ病とケタミン", "ケタミン"),
        ("우울증에는 케타민을", "케타민"),
        ("ยาเคตามีนรักษาโรค", "เคตามีน"),
        ("كِتَابٌ عن الألم", "كتاب الالم"),
        ("می‌شود خواند", "ميشود"),
        ("Treatment-resistant depression", "treatment-resistant"),
        ("Dose: 0.5 mg/kg", "0.5 mg"),
        ("दर्द की दवा", "दवा"),
    ],
)
def test_case_accents_and_forms_make_no_difference_in_any_script(client, put, title, asked):
    post = put(title)
    put("Something else")
    response = client.get("/search/", {"q": asked})
    assert post.get_absolute_url() in response.text or quote(post.slug) in response.text
    assert "<mark>" in response.text


@pytest.mark.django_db
def test_characters_without_spaces_are_found_only_in_their_order(put):
    put("抑郁症")
    assert found("郁抑") == []
    assert found("郁症") == ["抑郁症"]


# What the public may read, now


@pytest.mark.django_db
def test_only_what_the_public_may_read_is_found(client, put):
    put("Ketamine, a draft", published=None)
    put("Ketamine tomorrow", published=-timedelta(days=1))
    put("Ketamine withdrawn", withdrawn_at=timezone.now())
    client.force_login(make_user("root", is_superuser=True))
    text = client.get("/search/", {"q": "ketamine"}).text
    assert "Nothing found for" in text
    assert not re.search("a draft|tomorrow|withdrawn", text)


@pytest.mark.django_db
def test_a_scheduled_article_appears_by_itself_and_a_withdrawn_one_is_gone_at_once(put):
    post = put("Ketamine soon", published=-timedelta(days=1))
    assert found("ketamine") == []
    # As if a day had passed: nothing but the clock against the column decides.
    Post.objects.filter(pk=post.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    assert found("ketamine") == ["Ketamine soon"]
    Post.objects.filter(pk=post.pk).withdraw()
    assert found("ketamine") == []
    Post.objects.filter(pk=post.pk).publish_now()
    assert found("ketamine") == ["Ketamine soon"]


# Kept in step


@pytest.mark.django_db
def test_an_edit_is_found_by_its_new_words_and_not_by_its_old_ones(put):
    post = put("About naltrexone", body="<p>Oldword.</p>")
    post.title, post.body = "About buprenorphine", "<p>Newword.</p>"
    post.save()
    settle(post)
    assert found("naltrexone") == found("oldword") == []
    assert found("buprenorphine") == found("newword") == ["About buprenorphine"]


@pytest.mark.django_db
def test_saving_in_the_admin_makes_an_article_findable(client):
    client.force_login(make_user("root", is_superuser=True))
    tag = Tag.objects.create(name="Tinnitus")
    data = {
        **{"title": "Hearing noises", "body": "<p>It whistles.</p>", "writer": make_person().pk, "tags": tag.pk},
        **{"published_at_0": "2024-01-01", "published_at_1": "08:00", "replies_open": "on"},
        **{f"references-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")},
    }
    response = client.post("/admin/posts/post/add/", data)
    assert response.status_code == 302
    assert found("tinnitus whistles") == ["Hearing noises"]


@pytest.mark.django_db
def test_an_imported_article_is_found(tmp_path):
    file = tmp_path / "article.md"
    file.write_text("# On quinine\n\nFor cramps, long ago.\n")
    call_command("import_article", str(file), "--publish")
    assert found("quinine cramps") == ["On quinine"]


@pytest.mark.django_db
def test_the_demo_is_found_and_forgotten(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("posts.demo.loading.COVER_SIZE", (160, 90))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo", "--quiet")
    assert SearchWord.objects.exists()
    assert len(found("ketamine")) >= 6
    call_command("remove_demo")
    assert found("ketamine") == []
    assert not SearchEntry.objects.exists()
    assert not SearchWord.objects.exists()


@pytest.mark.django_db
def test_a_renamed_tag_leads_to_its_articles_by_its_new_name_alone(client, put):
    put("An article", tags=("Insomnia",))
    tag = Tag.objects.get()
    client.force_login(make_user("root", is_superuser=True))
    client.post(f"/admin/posts/tag/{tag.pk}/change/", {"name": "Wakefulness", "slug": tag.slug})
    assert found("insomnia") == []
    assert found("wakefulness") == ["An article"]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["one", "several"])
def test_a_deleted_tag_leads_nowhere_and_its_articles_stay(client, put, way):
    put("An article", tags=("Insomnia", "Sleep"))
    tag = Tag.objects.get(name="Insomnia")
    client.force_login(make_user("root", is_superuser=True))
    if way == "one":
        client.post(f"/admin/posts/tag/{tag.pk}/delete/", {"post": "yes"})
    else:
        client.post("/admin/posts/tag/", {"action": "delete_selected", "_selected_action": tag.pk, "post": "yes"})
    assert not Tag.objects.filter(pk=tag.pk).exists()
    assert found("insomnia") == []
    assert found("sleep") == ["An article"]


@pytest.mark.django_db
def test_deleting_an_article_takes_its_entry_along(client, put):
    post = put("About lithium")
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(f"/admin/posts/post/{post.pk}/delete/").status_code == 200
    client.post(f"/admin/posts/post/{post.pk}/delete/", {"post": "yes"})
    assert found("lithium") == []
    assert not SearchEntry.objects.exists()


@pytest.mark.django_db
def test_whatever_writes_an_entry_the_database_keeps_the_index(put):
    put("About lithium")
    SearchEntry.objects.update(title="valproate")
    assert found("lithium") == []
    assert found("valproate") == ["About lithium"]


@pytest.mark.django_db
def test_a_migration_indexes_what_was_not_or_by_older_rules():
    make_post("Never indexed")
    old = make_post("Indexed long ago")
    SearchEntry.objects.create(post=old, title="", summary="", tags="", body="", version=0)
    call_command("migrate", verbosity=0)
    assert found("never indexed") == ["Never indexed"]
    assert found("indexed long ago") == ["Indexed long ago"]
    assert SearchWord.objects.get(word="indexed").articles == 2


@pytest.mark.django_db(transaction=True)
def test_a_lost_index_is_told_and_made_again(put):
    put("About lithium")
    engine = engine_of(connection)
    assert index_is_whole(["default"]) == []
    engine.remove(connection)
    assert [message.id for message in index_is_whole(["default"])] == ["posts.W001"]
    make_post("Written meanwhile")
    call_command("migrate", verbosity=0)
    assert index_is_whole(["default"]) == []
    assert found("lithium") == ["About lithium"]
    assert found("meanwhile") == ["Written meanwhile"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps it by triggers")
def test_a_lost_trigger_is_told_and_what_was_written_without_it_is_found_afterwards(put):
    post = put("About lithium")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER posts_search_changed")
    assert [message.id for message in index_is_whole(["default"])] == ["posts.W001"]
    Post.objects.filter(pk=post.pk).update(title="About valproate")
    search.index(Post.objects.all())
    assert found("valproate") == []
    call_command("rebuild_search")
    assert index_is_whole(["default"]) == []
    assert found("valproate") == ["About valproate"]


def test_a_sqlite_without_fts5_is_told_before_anything_starts(monkeypatch, settings):
    monkeypatch.setattr("posts.search.checks._has_fts5", lambda: False)
    errors = [message.id for message in sqlite_can_search()]
    assert errors == (["posts.E001"] if connection.vendor == "sqlite" else [])


@pytest.mark.django_db
def test_the_index_needs_no_migration_on_either_database():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_rebuilding_makes_all_anew_and_says_so_in_one_line(put, capsys):
    put("Ketamine and sleep", body="<p>Ketamine.</p>")
    put("Ketamine and pain", body="<p>Ketamine.</p>")
    SearchEntry.objects.update(title="nothing", similar=[])
    SearchWord.objects.update(articles=99)
    SearchWord.objects.create(word="stale", shown="stale", head="st", tail="le", length=5, articles=1)
    call_command("rebuild_search")
    assert re.fullmatch(r"2 articles indexed, \d+ words known\.\n", capsys.readouterr().out)
    assert found("pain") == ["Ketamine and pain"]
    assert SearchWord.objects.get(word="ketamine").articles == 2
    assert not SearchWord.objects.filter(word="stale").exists()


@pytest.mark.django_db
def test_words_are_counted_once_for_each_article_that_uses_them(put, django_capture_on_commit_callbacks):
    post = put("Ketamine", body="<p>Ketamine, ketamine.</p>")
    put("Ketamine again")
    assert SearchWord.objects.get(word="ketamine").articles == 2
    post.title, post.body = "Lithium", "<p>Lithium.</p>"
    with django_capture_on_commit_callbacks(execute=True):
        post.save()
        settle(post)
    assert SearchWord.objects.get(word="ketamine").articles == 1
    assert SearchWord.objects.get(word="lithium").articles == 1


@pytest.mark.django_db
def test_an_article_longer_than_a_database_can_index_is_saved_and_found(put):
    words = " ".join(f"w{number:x}" * 4 for number in range(60_000))
    put("Endless", body=f"<p>beginning {words}</p>")
    assert found("beginning") == ["Endless"]
    put("Unbroken", body="<p>" + "z" * 500_000 + "</p>")
    assert found("z" * 50) == ["Unbroken"]


# The page


@pytest.mark.django_db
def test_the_first_page_says_what_can_be_found_and_where_to_start(client, put):
    put("One", tags=("Sleep",), category=make_category("Pain"))
    make_category("Empty")
    response = client.get("/search/")
    assert response.status_code == 200
    assert "<h1>" in response.text
    assert "All articles are searched" in response.text
    assert '<a href="/category/pain/">Pain</a>' in response.text
    assert '<a href="/tag/sleep/">Sleep</a>' in response.text
    assert "Empty" not in response.text
    assert '<meta name="robots" content="noindex">' not in response.text
    assert '<link rel="canonical" href="http://testserver/search/">' in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/search/", "/search/?q=ketamine", "/search/?q=nothing+at+all", "/opensearch.xml"])
def test_it_is_the_same_for_everybody_and_sets_no_cookie(client, put, address):
    put("Ketamine")
    anonymous = client.get(address)
    assert not anonymous.cookies
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(address).content == anonymous.content


@pytest.mark.django_db
def test_results_say_what_was_asked_keep_it_in_the_field_and_can_be_shared(client, put):
    put("Chronic pain", standfirst="On pain that stays.")
    text = client.get("/search/", {"q": 'chronic  "pain"'}).text
    assert re.search(r"Results for “<bdi>chronic &quot;pain&quot;</bdi>”", text)
    assert "<title>Results for “chronic &quot;pain&quot;” · ketablog</title>" in text
    assert 'name="q" value="chronic &quot;pain&quot;"' in text
    assert '<link rel="canonical" href="http://testserver/search/?q=chronic%20%22pain%22">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert "<mark>Chronic</mark> <mark>pain</mark></a>" in text
    assert "On <mark>pain</mark> that stays." in text


@pytest.mark.django_db
def test_among_equals_the_newest_comes_first_on_every_page(client, put):
    order = [*range(0, 23, 2), *range(1, 23, 2)]
    for days in order:
        put("Pain", slug=f"pain-{days}", published=timedelta(days=days + 1))
    put("Pain", slug="tomorrow", published=-timedelta(days=1))
    put("Pain", slug="draft", published=None)
    put("Pain", slug="taken-back", withdrawn_at=timezone.now())
    pages = [client.get("/search/", {"q": "pain", "page": number}).text for number in (1, 2, 3)]
    found = re.findall(r'<h2><a href="/posts/([^"/]+)/', "".join(pages))
    assert found == [f"pain-{days}" for days in range(23)]
    assert all("23 articles<" in page for page in pages)


@pytest.mark.django_db
def test_results_come_in_pages_of_ten(client, put):
    for number in range(11):
        put(f"Pain {number}")
    first = client.get("/search/", {"q": "pain"}).text
    second = client.get("/search/", {"q": "pain", "page": 2}).text
    assert "11 articles<" in first
    assert [text.count('<article class="card hit">') for text in (first, second)] == [10, 1]
    assert '<a rel="next" href="?q=pain&amp;page=2">' in first
    assert '<a rel="prev" href="?q=pain">' in second
    assert "Page 2 of 2" in second
    assert ", page 2 · ketablog</title>" in second
    assert 'href="http://testserver/search/?q=pain&amp;page=2"' in second


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["abc", "0", "-1", "2", "9" * 21])
def test_a_page_of_results_that_does_not_exist_is_answered_in_words(client, put, number):
    put("Pain")
    response = client.get("/search/", {"q": "pain", "page": number})
    assert response.status_code == 404
    assert "This search has no such page." in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("asked", HOSTILE, ids=lambda asked: ascii(asked[:20]))
def test_nothing_that_is_typed_breaks_it(client, put, asked):
    put("Ketamine and pain <script>", body="<p>A ketamine & pain.</p>")
    response = client.get("/search/", {"q": asked})
    assert response.status_code == 200
    assert "<script>" not in response.text.replace("<script src", "")
    assert "\x00" not in response.text


@pytest.mark.django_db
def test_an_empty_question_and_one_without_a_letter_lead_to_the_first_page(client):
    assert "There is no letter" not in client.get("/search/", {"q": "  "}).text
    text = client.get("/search/", {"q": "?! 😀"}).text
    assert "There is no letter and no digit in this. Please type a word." in text
    assert 'value="?! 😀"' in text


@pytest.mark.django_db
def test_a_question_that_is_too_long_is_cut_and_says_so(client, put):
    put("Ketamine")
    text = client.get("/search/", {"q": "ketamine " * 1000}).text
    assert "That was long. Only the beginning, which stands in the field, was searched for." in text
    assert re.search("Results for “<bdi>ketamine", text)


@pytest.mark.django_db
def test_other_methods_are_refused(client):
    assert client.post("/search/", {"q": "x"}).status_code == 405
    assert client.head("/search/", {"q": "x"}).status_code == 200


# Nothing found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("depresion", "depression"),
        ("depressoin", "depression"),
        ("ketmaine", "ketamine"),
        ("sketamine", "ketamine"),
        ("anxiety depresion", "anxiety depression"),
        ('"ketamin pain"', '"ketamine pain"'),
        ("fatiga", "fatigué"),
    ],
)
def test_a_misspelled_word_leads_to_what_was_meant(client, put, asked, meant):
    put("Depression, anxiety and ketamine pain", body="<p>On fatigué people.</p>")
    text = client.get("/search/", {"q": asked}).text
    assert f'Did you mean <a href="/search/?q={quote(meant, safe="")}">' in text
    assert client.get("/search/", {"q": meant}).text.count("<article") == 1


@pytest.mark.django_db
def test_a_suggestion_never_tells_a_word_that_is_not_public(client, put):
    put("The secret of esketamine", published=None)
    put("Something else")
    assert "Did you mean" not in client.get("/search/", {"q": "esketamin"}).text.replace("esketamine", "")
    assert "esketamine" not in client.get("/search/", {"q": "esketamina"}).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["about esketamine", "about esketamin", "abuot esketamine", "esketomine", "migrana", "abuot zoloft"]
)
def test_what_is_suggested_tells_nothing_about_words_of_unpublished_articles(client, put, asked):
    put("About ketamine, and migraine")
    without = client.get("/search/", {"q": asked}).text
    put("Esketamine and migrane", published=None)
    put("Esketamine and zoloft", published=timedelta(days=-1))
    put("Esketamine, migrano and zoloft", withdrawn_at=timezone.now())
    assert client.get("/search/", {"q": asked}).text == without


@pytest.mark.django_db
def test_words_that_no_article_has_together_lead_to_those_that_have_some(client, put):
    put("About ketamine")
    put("About migraine")
    put("About sleep")
    text = client.get("/search/", {"q": "ketamine migraine"}).text
    assert "Nothing found for “<bdi>ketamine migraine</bdi>”" in text
    some, newest = text.split("Newest articles</h2>")
    assert "These articles have some of the words" in some
    assert "About ketamine" in some
    assert "About migraine" in some
    assert "About sleep" not in some
    assert "About sleep" in newest


@pytest.mark.django_db
def test_an_empty_blog_answers_too(client):
    assert "Nothing found for" in client.get("/search/", {"q": "ketamine pain"}).text


# Cost


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "ketamine", "ketamin pane", "ketamine migraine", "zzzz"])
def test_it_costs_five_queries_at_most_however_much_there_is(client, put, asked):
    def ask() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": asked})
        return len(captured)

    put("Ketamine", category=make_category(), tags=("Pain",))
    put("Migraine")
    few = ask()
    for number in range(12):
        put(f"Ketamine {number}", category=make_category(f"Topic {number}"), tags=(f"Tag {number}",))
    assert ask() == few
    assert few <= 5


# For browsers


@pytest.mark.django_db
def test_browsers_are_told_how_to_search(client):
    make_site(name="Harbor & Hill Clinic of Somewhere")
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    assert response.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert "<ShortName>Harbor &amp; Hill</ShortName>" in response.text
    assert "<Description>Search the articles of Harbor &amp; Hill Clinic of Somewhere</Description>" in response.text
    assert "<Language>en</Language>" in response.text
    assert 'template="http://testserver/search/?q={searchTerms}"' in response.text


@pytest.mark.django_db
def test_who_comes_to_a_wrong_address_can_search(client):
    text = client.get("/nowhere/").text
    assert '<form class="search-form" role="search" method="get" action="/search/">' in text


# Parts


@given(st.text())
@example("e\u0301 ½ ﷺ ŉ İ ǰ ΐ")
@example("ำ")
@example("0㊀")
def test_folding_twice_is_folding_once(text):
    folded = [word.folded for word in folding.words(folding.composed(text))]
    assert [word.folded for word in folding.words(folding.composed(" ".join(folded)))] == folded
    assert "  " not in folded


@given(st.text())
def test_words_stand_where_they_say(text):
    text = folding.composed(text)
    end = 0
    for word in folding.words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded
        assert not re.search(r"[\s\"'*:()&|!<>\\\x00]", word.folded)
        assert len(word.folded) <= folding.LONGEST_WORD
        assert word.folded in folding.letters(text)
        end = word.end


@given(st.text(max_size=400))
@example('"' * 9)
@example('unclosed "quote mark')
def test_any_text_is_a_query_of_bounded_size(text):
    query = queries.read(text)
    assert len(query.typed) <= queries.LONGEST
    assert len(query.words) <= queries.MOST_WORDS
    assert all(phrase.words for phrase in query.phrases)
    assert sum(phrase.is_open for phrase in query.phrases) <= 1
    assert queries.read(query.typed).phrases == query.phrases


@given(st.lists(st.text(max_size=700), max_size=4), st.text(max_size=30))
@example(["<b>ketamine</b> & pain " * 40], "ketamine pain")
@example(["x" * 1000 + " ketamine"], "x ketamine")
def test_an_extract_is_a_piece_of_the_text_escaped_and_of_bounded_length(passages, typed):
    shown = extracts.extract(passages, queries.read(typed))
    plain = re.sub("</?mark>", "", shown)
    assert "<" not in plain
    assert shown.count("<mark>") == shown.count("</mark>")
    bare = unescape(plain).strip(extracts.CUT)
    assert any(bare in folding.composed(passage) for passage in [*passages, ""])
    assert len(unescape(plain)) <= extracts.LONGEST + 2


@given(st.text(alphabet="ab <&é", max_size=60), st.text(alphabet='ab é"', max_size=8))
def test_marking_changes_nothing_but_the_marks(text, typed):
    marked = extracts.mark(text, queries.read(typed))
    assert unescape(re.sub("</?mark>", "", marked)) == folding.composed(text)


@given(st.text(alphabet='ab1 -AB."', max_size=40), st.text(alphabet='ab1 -A"', max_size=9))
@example("x" * 50 + " b", "x" * 45)
def test_plain_letters_are_marked_as_all_others_are(text, typed):
    query = queries.read(typed)
    accented = extracts.matches(f"{text} é", query)
    assert extracts.matches(f"{text} .", query) == accented


def test_an_extract_shows_the_passage_with_most_of_what_was_asked():
    passages = [
        "Side effects",
        "Nausea is common.",
        "Nausea and fatigue come together in some, and pass. " * 12,
        "Fatigue.",
    ]
    shown = extracts.extract(passages, queries.read("fatigue nausea"))
    assert shown.startswith("<mark>Nausea</mark> and <mark>fatigue</mark> come together")
    assert shown.endswith("…")


def test_an_extract_of_a_long_passage_begins_before_the_match():
    passage = "Long before. " * 60 + "Then came ketamine. " + "Long after. " * 60
    shown = extracts.extract([passage], queries.read("ketamine"))
    assert shown.startswith("…")
    assert "Then came <mark>ketamine</mark>. Long after." in shown
    assert len(shown) < 300
