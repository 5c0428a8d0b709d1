import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import time_format

from comments import moderation
from comments.models import Comment, Decision
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
POLICY = {"rule": "policy", "points": 0, "fragment": "", "version": 1}
LINKS = {"rule": "links", "points": 3, "fragment": "https://pills.example/", "version": 1}


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


def make_held(**fields) -> Comment:
    return make_comment(fields.pop("post", None) or make_post(), **{"status": "pending", "reasons": [POLICY], **fields})


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/change/"


def names(page: str) -> list[str]:
    return re.findall(r'change/">([^<]+)</a>\s*</h2>', page)


def status_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


# The list


def test_the_desk_opens_with_what_waits_urgent_first_then_the_oldest(client, mo):
    post, now = make_post(), timezone.now()
    for name, hours, rank in (("Young", 1, 0), ("Old", 9, 0), ("Danger", 2, 2)):
        make_held(post=post, name=name, created_at=now - timedelta(hours=hours), help_rank=rank)
    make_comment(post, name="Done")

    page = client.get(LIST).text

    assert names(page) == ["Danger", "Old", "Young"]
    badge = '<strong class="desk-urgent">Urgent</strong>'
    assert page.count(badge) == 1
    assert page.index(badge) < page.index("Danger")


def test_the_tabs_count_every_status_and_show_one(client, mo):
    post = make_post()
    for number, status in enumerate(Comment.Status.values, start=1):
        for _copy in range(number):
            make_comment(post, name=status.title(), status=status)
    page = client.get(LIST).text
    counts = re.findall(r'>(\w+) <span class="desk-count">(\d+)<', page)
    assert counts == [
        ("Waiting", "1"), ("Urgent", "0"), ("Approved", "2"), ("Spam", "3"), ("Removed", "4"), ("Reported", "0"),
        ("Mine", "0"), ("All", "10"),
    ]  # fmt: skip
    for status, number in (("spam", 3), ("removed", 4), ("approved", 2), ("pending", 1)):
        assert names(client.get(LIST, {"status": status}).text) == [status.title()] * number
    assert len(names(client.get(LIST, {"status": "all"}).text)) == 10


def test_a_card_says_who_where_what_and_why(client, mo):
    post = make_post("What helps")
    parent = make_comment(post, name="Tom")
    make_held(post=post, parent=parent, source="Cheap <b>pills</b>", name="Sam & Co", reasons=[POLICY, LINKS])
    page = client.get(LIST).text
    assert "Sam &amp; Co" in page
    assert "answers <bdi>Tom</bdi>" in page
    assert '<a href="/posts/what-helps/"><bdi>What helps</bdi></a>' in page
    assert "Cheap &lt;b&gt;pills&lt;/b&gt;" in page
    assert "Every reply waits for a moderator." in page
    assert "It has more links than most readers need." in page


def test_a_long_text_is_whole_in_the_list_and_on_its_page(client, mo):
    comment = make_held(source="word " * 200 + "LAST")
    assert "LAST" in client.get(LIST).text
    assert "LAST" in client.get(page_of(comment)).text


def test_the_list_narrows_by_article_reason_name_and_text(client, mo):
    first, second = make_post("First"), make_post("Second")
    make_held(post=first, name="Tom", source="apples", reasons=[LINKS])
    make_held(post=second, name="Ann", source="pears")
    for query, wanted in (
        ({"article": first.pk}, ["Tom"]),
        ({"reason": "links"}, ["Tom"]),
        ({"reason": "policy"}, ["Ann"]),
        ({"q": "ann"}, ["Ann"]),
        ({"q": "apples"}, ["Tom"]),
        ({"q": "apples", "article": second.pk}, []),
    ):
        assert names(client.get(LIST, query).text) == wanted


@pytest.mark.parametrize(
    "query",
    ["status=no", "article=no", f"article={10**30}", "reason=no", "q=%00", "o=x.y", "p=no", "p=99", "no=1", "post=no"],
)
def test_nonsense_in_the_address_of_the_list_is_no_error(client, mo, query):
    make_held(name="Tom")
    response = client.get(f"{LIST}?{query}", follow=True)
    assert response.status_code == 200


def test_empty_lists_say_so(client, mo):
    assert "Nothing waits." in client.get(LIST).text
    assert "No reply here fits what you asked for." in client.get(LIST, {"q": "x"}).text


def test_the_list_takes_as_many_queries_for_twenty_replies_as_for_one(client, mo):
    post = make_post()
    parent = make_comment(post)

    def make_decided(number: int) -> None:
        comment = make_held(post=post if number else make_post(), parent=parent if number else None, reasons=[LINKS])
        moderation.remove(comment, by=make_user(f"user{number}"), text_version=1)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"status": "all"})
        return len(queries)

    make_decided(0)
    first = count()
    for number in range(1, 20):
        make_decided(number)
    assert count() == first < 15


def test_only_buttons_that_make_sense_are_there(client, mo):
    post = make_post()
    for status, urgent, verbs in (
        ("pending", 0, ["approve", "spam", "remove"]),
        ("pending", 2, ["approve", "remove"]),
        ("approved", 0, ["spam", "remove", "restore"]),
        ("spam", 0, ["approve", "remove", "restore"]),
        ("removed", 0, ["approve", "spam", "restore"]),
    ):
        comment = make_comment(post, status=status, help_rank=urgent)
        if urgent:
            for address in (LIST, page_of(comment)):
                assert 'name="decide" value="remove:' not in client.get(address).text
            client.post(LIST, {"open": f"{comment.pk}:1"})
        for address in (f"{LIST}?status={status}", page_of(comment)):
            found = re.findall(rf'name="decide" value="(\w+):{comment.pk}:1@{status}"', client.get(address).text)
            assert found == verbs
        comment.delete()


# Deciding one


@pytest.mark.parametrize(
    ("before", "verb", "after", "sentence"),
    [
        ("pending", "approve", "approved", "Approved: readers of the article see it now."),
        ("pending", "spam", "spam", "Marked as spam: readers do not see it."),
        ("approved", "remove", "removed", "Removed: readers do not see it."),
        ("spam", "restore", "pending", "It waits for a decision again."),
    ],
)
@pytest.mark.parametrize("place", ["list", "page"])
def test_a_press_decides_and_says_what_was_done(client, mo, place, before, verb, after, sentence):
    comment = make_comment(make_post(), status=before)
    address = page_of(comment) if place == "page" else f"{LIST}?status={before}"
    response = client.post(address, {"decide": f"{verb}:{comment.pk}:1"})
    assert response.status_code == 302
    assert response["Location"] == address
    assert sentence in client.get(address).text
    assert status_of(comment) == after
    assert Decision.objects.get().by == mo
    assert not LogEntry.objects.exists()


def test_a_reason_is_kept_as_one_line_for_colleagues(client, mo):
    comment = make_held()
    typed = {"decide": f"remove:{comment.pk}:1", "decision_reason": "Names a\x00 nurse\n" + "x" * 300}
    assert client.post(page_of(comment), typed).status_code == 302
    reason = Decision.objects.get().reason
    assert reason.startswith("Names a nurse xxx")
    assert len(reason) == 200
    assert reason in client.get(page_of(comment)).text


def test_reading_never_decides(client, mo):
    comment = make_held()
    for address in (LIST, page_of(comment)):
        client.get(address, {"decide": f"approve:{comment.pk}:1"})
    assert status_of(comment) == "pending"


def test_a_decision_from_elsewhere_is_refused(mo):
    comment = make_held()
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(mo)
    response = stranger.post(LIST, {"decide": f"approve:{comment.pk}:1"})
    assert response.status_code == 403
    assert status_of(comment) == "pending"


def test_who_comes_second_hears_who_was_first_and_when(client, mo):
    bea = make_user("bea", roles.MODERATORS, first_name="Bea", last_name="Boss")
    comment = make_held()
    moderation.approve(comment, by=bea, text_version=1)
    time = time_format(timezone.localtime(comment.decided_at))
    page = client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text
    assert f"Bea Boss already approved this reply ({time})." in page
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "words", "second"),
    [
        ("approve", "approved this reply", "spam"),
        ("approve", "approved this reply", "remove"),
        ("spam", "marked this reply as spam", "approve"),
        ("remove", "removed this reply", "approve"),
    ],
)
def test_who_comes_second_with_another_decision_changes_nothing_and_hears_who_was_first(
    client, mo, first, words, second
):
    bea = make_user("bea", roles.MODERATORS, first_name="Bea", last_name="Boss")
    comment = make_held()
    button = re.search(rf'value="({second}:{comment.pk}:[^"]+)"', client.get(LIST).text)[1]
    moderation.VERBS[first][0](comment, by=bea, text_version=1)
    page = client.post(LIST, {"decide": button}, follow=True).text
    assert f"Bea Boss already {words} (" in page
    assert "Nothing was changed; you can still decide otherwise." in page
    assert f'<a href="{page_of(comment)}">Reply {comment.pk}</a>' in page
    assert status_of(comment) == comment.status
    assert Decision.objects.count() == 1


def test_a_decision_about_many_leaves_out_what_a_colleague_decided_otherwise(client, mo):
    bea = make_user("bea", roles.MODERATORS, first_name="Bea", last_name="Boss")
    post = make_post()
    taken, free = make_held(post=post), make_held(post=post)
    shown = client.get(LIST).text
    seen = {
        f"version-{comment.pk}": re.search(rf'name="version-{comment.pk}" value="([^"]+)"', shown)[1]
        for comment in (taken, free)
    }
    moderation.remove(taken, by=bea, text_version=1)
    data = {"decide_selected": "approve", "selected": [taken.pk, free.pk], **seen}
    page = client.post(LIST, data, follow=True).text
    assert f"Reply {taken.pk}: Bea Boss already removed this reply (" in page
    assert (status_of(taken), status_of(free)) == ("removed", "approved")


def test_what_holds_for_several_of_many_is_said_once(client, mo):
    post = make_post()
    first, second = make_held(post=post, help_rank=2), make_held(post=post, help_rank=2)
    data = {"decide_selected": "spam", "selected": [first.pk, second.pk]}
    data |= {f"version-{comment.pk}": "1" for comment in (first, second)}
    page = client.post(LIST, data, follow=True).text
    assert f"Replies {first.pk}, {second.pk}: This may be a cry for help, so it cannot be marked as spam." in page
    assert page.count("cannot be marked as spam") == 1


@pytest.mark.parametrize("number", [2, 999, 0, -1])
def test_a_page_of_which_all_is_decided_leads_to_another_of_the_same_tab(client, mo, number):
    make_comment(make_post(), status="spam", name="Nearby Spammer")
    response = client.get(LIST, {"status": "spam", "p": number})
    assert response.status_code == 200
    assert "Nearby Spammer" in response.text


def test_who_presses_twice_hears_of_oneself(client, mo):
    comment = make_held()
    client.post(LIST, {"decide": f"spam:{comment.pk}:1"})
    page = client.post(LIST, {"decide": f"spam:{comment.pk}:1"}, follow=True).text
    assert "You already marked this reply as spam (" in page
    assert Decision.objects.count() == 1


def test_what_was_decided_another_day_is_told_with_its_date(client, mo):
    decided_at = timezone.now().replace(year=2025, month=3, day=4)
    comment = make_comment(
        make_post(), status="removed", decided_by=make_user("bea", first_name="Bea"), decided_at=decided_at
    )
    page = client.post(LIST, {"decide": f"remove:{comment.pk}:1"}, follow=True).text
    assert "Bea already removed this reply (March 4, 2025," in page


def test_what_nobody_decided_is_told_without_a_name(client, mo):
    comment = make_comment(make_post())
    page = client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text
    assert "This reply is approved already." in page


def test_a_text_that_changed_since_is_not_decided(client, mo):
    comment = make_held(text_version=2)
    page = client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text
    assert "The text was changed after you opened this page; nothing was decided. Please read it again." in page
    assert status_of(comment) == "pending"


def test_a_cry_for_help_is_not_marked_as_spam(client, mo):
    comment = make_held(help_rank=2)
    page = client.post(LIST, {"decide": f"spam:{comment.pk}:1"}, follow=True).text
    assert "This may be a cry for help, so it cannot be marked as spam." in page
    assert status_of(comment) == "pending"


@pytest.mark.parametrize(
    "value",
    [
        "", "approve", "approve:", "approve:x:1", "approve:1", "approve:1:", "approve:-1:1", "approve:1:1:1:1",
        "delete:1:1", "approve:1:1\n", "approve:١:1", f"approve:{'9' * 40}:1", f"approve:1:{'9' * 40}",
        "approve:1:\x00", "' OR 1=1 --",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["list", "page"])
def test_a_forged_decision_is_a_sentence_and_changes_nothing(client, mo, place, value):
    comment = make_held()
    address = page_of(comment) if place == "page" else LIST
    response = client.post(address, {"decide": value}, follow=True)
    assert response.status_code == 200
    assert "That decision could not be read, so nothing was changed." in response.text
    assert status_of(comment) == "pending"


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18])
def test_a_decision_about_a_reply_that_is_gone_is_a_sentence(client, mo, number):
    page = client.post(LIST, {"decide": f"approve:{number}:1"}, follow=True).text
    assert "This reply is no longer there, so nothing was decided." in page


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40, "no", "%00"])
def test_the_page_of_a_reply_that_is_gone_leads_back_to_the_list(client, mo, number):
    response = client.get(f"{LIST}{number}/change/", follow=True)
    assert response.redirect_chain[-1][0] == LIST
    assert "This reply is no longer there." in response.text


# Deciding many


def test_all_that_are_ticked_are_decided(client, mo):
    post = make_post()
    ticked = [make_held(post=post) for _number in range(3)]
    other = make_held(post=post)
    data = {f"version-{comment.pk}": "1" for comment in [*ticked, other]}
    data |= {"decide_selected": "remove", "selected": [comment.pk for comment in ticked]}
    page = client.post(LIST, data, follow=True).text
    assert "3 replies were removed." in page
    assert [status_of(comment) for comment in [*ticked, other]] == ["removed"] * 3 + ["pending"]
    assert Decision.objects.filter(by=mo).count() == 3


def test_of_many_each_that_could_not_be_decided_is_named(client, mo):
    post = make_post()
    good, edited, urgent = make_held(post=post), make_held(post=post, text_version=2), make_held(post=post, help_rank=2)
    data = {"decide_selected": "spam", "selected": [good.pk, edited.pk, urgent.pk]}
    data |= {f"version-{comment.pk}": "1" for comment in (good, edited, urgent)}
    page = client.post(LIST, data, follow=True).text
    assert "1 reply was marked as spam." in page
    assert f"Reply {edited.pk}: The text was changed after you opened this page" in page
    assert f"Reply {urgent.pk}: This may be a cry for help" in page
    assert [status_of(comment) for comment in (good, edited, urgent)] == ["spam", "pending", "pending"]


def test_nothing_ticked_is_a_sentence(client, mo):
    page = client.post(LIST, {"decide_selected": "spam"}, follow=True).text
    assert "No reply was ticked, so nothing was changed." in page


@pytest.mark.parametrize(
    "data",
    [
        {"decide_selected": "delete", "selected": "1", "version-1": "1"},
        {"decide_selected": "approve", "selected": "1"},
        {"decide_selected": "approve", "selected": "1", "version-1": "x"},
        {"decide_selected": "approve", "selected": ["1", "no"], "version-1": "1"},
        {"decide_selected": "approve", "selected": "9" * 40, f"version-{'9' * 40}": "1"},
        {"decide_selected": "approve", "selected": [str(n) for n in range(300)]},
        {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
        {},
    ],
)
def test_a_forged_decision_about_many_is_a_sentence(client, mo, data):
    make_held()
    response = client.post(LIST, data, follow=True)
    assert response.status_code == 200
    assert "That decision could not be read, so nothing was changed." in response.text
    assert not Decision.objects.exists()
    assert Comment.objects.count() == 1


# The page of one


def test_the_page_shows_everything_a_decision_needs(client, mo):
    post = make_post("What helps")
    parent = make_comment(post, "What the *first* one asked", name="Tom")
    comment = make_held(
        post=post, parent=parent, source="**Bold** and <script>alert(1)</script>", name="Sam",
        website="https://sam.example/", reasons=[LINKS], help_rank=1,
    )  # fmt: skip
    moderation.remove(comment, by=mo, text_version=1, reason="Sells things")
    page = client.get(page_of(comment)).text
    assert "<strong>Bold</strong> and &lt;script&gt;" in page
    assert "**Bold** and &lt;script&gt;" in page
    assert "Answers <bdi>Tom</bdi>" in page
    assert "What the *first* one asked" in page
    assert 'href="https://sam.example/" rel="nofollow ugc noopener noreferrer"' in page
    assert "It has more links than most readers need." in page
    assert '<code dir="auto">https://pills.example/</code>' in page
    assert "Watch" in page
    assert '<a href="/posts/what-helps/"><bdi>What helps</bdi></a>' in page
    for cell in ("Mo Moderator", "Waiting", "Removed", "Sells things"):
        assert f"<td>{cell}</td>" in page


def test_a_website_that_is_no_web_address_is_text_only(client, mo):
    comment = make_held(website="javascript:alert(1)")
    page = client.get(page_of(comment)).text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_the_text_cannot_be_changed_here(client, mo):
    comment = make_held(source="As it was")
    client.post(page_of(comment), {"source": "Changed", "name": "X", "decide": f"approve:{comment.pk}:1"})
    assert Comment.objects.get().source == "As it was"


# Who may


def test_the_desk_is_closed_to_strangers_and_to_staff_without_the_right(client):
    comment = make_held()
    for address in (LIST, page_of(comment)):
        for response in (client.get(address), client.post(address, {"decide": f"approve:{comment.pk}:1"})):
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")
    client.force_login(make_user("ada", roles.WRITERS))
    for address in (LIST, page_of(comment)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"decide": f"approve:{comment.pk}:1"}).status_code == 403
        assert client.post(address, {"look": "yes"}).status_code == 403
    assert status_of(comment) == "pending"


def test_who_may_only_view_sees_no_buttons_and_decides_nothing(client):
    viewer = make_user("viewer")
    viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(viewer)
    comment = make_held()
    for address in (LIST, page_of(comment)):
        response = client.get(address)
        assert response.status_code == 200
        assert 'name="decide' not in response.text
        assert client.post(address, {"decide": f"approve:{comment.pk}:1"}).status_code == 403
    assert status_of(comment) == "pending"


def test_nobody_adds_a_reply_in_the_admin(client):
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(f"{LIST}add/").status_code == 403


def test_decisions_are_listed_and_never_changed(client, mo):
    comment = make_held()
    moderation.remove(comment, by=mo, text_version=1, reason="Off topic")
    decision = Decision.objects.get()
    page = client.get("/admin/comments/decision/").text
    assert "Off topic" in page
    assert page_of(comment) in page
    client.force_login(make_user("root", is_superuser=True))
    address = f"/admin/comments/decision/{decision.pk}"
    assert client.get(f"{address}/change/").status_code == 200
    assert client.post(f"{address}/change/", {"reason": "Other"}).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert Decision.objects.get().reason == "Off topic"


@pytest.mark.parametrize("lookup", ["at__year", "at__day", "comment__source__contains", "by__password__startswith"])
def test_a_record_is_filtered_by_what_its_page_offers_alone(client, mo, lookup):
    assert client.get("/admin/comments/decision/", {lookup: "999999999999"}).status_code == 400
    offered = {"at__gte": "2026-01-01 00:00:00+00:00", "after__exact": "spam"}
    assert client.get("/admin/comments/decision/", offered).status_code == 200


# Deleting


def test_a_site_manager_deletes_a_reply_and_is_told_what_goes_with_it(client):
    client.force_login(make_user("boss", roles.SITE_MANAGERS))
    post = make_post()
    comment = make_comment(post)
    answer = make_comment(post, parent=comment)
    make_comment(post, parent=answer)
    moderation.remove(comment, by=None, text_version=1)
    assert f"{LIST}{comment.pk}/delete/" in client.get(page_of(comment)).text

    page = client.get(f"{LIST}{comment.pk}/delete/").text
    assert "2 answers to this reply are deleted with it." in page
    assert "Nothing brings a deleted reply back." in page
    assert Comment.objects.count() == 3

    assert client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Comment.objects.exists()
    assert not Decision.objects.exists()


def test_a_moderator_deletes_nothing(client, mo):
    comment = make_held()
    assert "/delete/" not in client.get(page_of(comment)).text
    assert client.get(f"{LIST}{comment.pk}/delete/").status_code == 403
    assert client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("lookup", ["startswith=t1:", "regex=(", "exact=x"])
def test_no_filter_helps_to_guess_an_address(client, lookup):
    make_comment(make_post(), "A reply that waits.", status="pending")
    client.force_login(make_mo())
    response = client.get(f"/admin/comments/comment/?email_index__{lookup}")
    assert response.status_code == 200
    assert "A reply that waits." in response.text


def test_what_may_be_a_cry_for_help_is_not_approved_in_bulk(client):
    post = make_post()
    urgent = make_comment(post, "I want to die.", status="pending", help_rank=2)
    plain = make_comment(post, "Thank you.", status="pending")
    client.force_login(make_mo())
    data = {"decide_selected": "approve", "selected": [urgent.pk, plain.pk]}
    data |= {f"version-{comment.pk}": 1 for comment in (urgent, plain)}
    response = client.post("/admin/comments/comment/", data, follow=True)
    urgent.refresh_from_db()
    plain.refresh_from_db()
    assert (urgent.status, plain.status) == ("pending", "approved")
    assert "approved on its own, after it was read" in response.text
    response = client.post("/admin/comments/comment/", {**data, "decide_selected": "remove"}, follow=True)
    assert "removed on its own, after it was read" in response.text
    assert status_of(urgent) == "pending"
    assert status_of(plain) == "removed"


def test_the_website_is_read_before_a_decision(client, mo):
    make_held(website="https://casino.example/")
    assert "https://casino.example/" in client.get(LIST).text
