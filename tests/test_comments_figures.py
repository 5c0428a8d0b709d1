"""The page of figures, and the log of decisions that nobody edits."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.figures import charts, gathering
from comments.figures.durations import in_words
from comments.models import Comment, Decision, Report, RuleHit
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/decision/figures/"
LOG = "/admin/comments/decision/"
# A Wednesday.
NOW = datetime.fromisoformat("2027-05-05T12:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


@pytest.fixture
def decide(clock):
    """A reply that waited so long until somebody decided about it."""
    post = make_post(published=timedelta(days=500))

    def decide(waited: timedelta, *, by, ago: timedelta = timedelta(0), verb="approve") -> Comment:
        clock.move_to(NOW - ago)
        comment = make_comment(post, status="pending", created_at=timezone.now() - waited)
        transition, _after = moderation.VERBS[verb]
        assert transition(comment, by=by, text_version=1)
        clock.move_to(NOW)
        return comment

    return decide


def text_of(page: str) -> str:
    """The words of a page, one space between any two."""
    main = page[page.index('<div class="figures">') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_without_anything_it_says_so(client, mo):
    words = text_of(client.get(PAGE).text)
    for sentence in (
        "Nothing waits. Every reply is decided.",
        "Nobody decided about a reply in this time.",
        "No reply came in this time.",
        "No rule found anything in this time.",
    ):
        assert sentence in words


def test_what_waits_now_is_counted_with_the_oldest_and_the_late(client, mo):
    make_site(answer_within_hours=8)
    post = make_post()
    for hours, rank in ((1, 0), (9, 0), (30, 2)):
        make_comment(post, status="pending", created_at=NOW - hours * HOUR, help_rank=rank)
    Report.objects.create(comment=make_comment(post), reason="harm", client="x")
    words = text_of(client.get(PAGE).text)
    assert "Replies that wait 3" in words
    assert "Of those urgent 1" in words
    assert "The oldest waits since May 4, 2027, 6 a.m." in words
    assert "Later than promised 2" in words
    assert "1 public reply was reported by readers." in words


def test_the_time_to_a_decision_is_told_by_the_clock_and_in_the_hours_that_staff_are_there(client, mo, decide):
    make_site(moderation_hours="Mon–Fri 9:00–12:00", answer_within_hours=3)
    # Decided on Wednesday at noon: the last one came on Tuesday at six in the morning, six open hours ago.
    for hours in (1, 2, 30):
        decide(hours * HOUR, by=mo)
    words = text_of(client.get(PAGE).text)
    assert "By the clock 2 h 0 min 30 h 0 min" in words
    assert "In your hours 2 h 0 min 6 h 0 min" in words
    assert "67 % were decided within the promised 3 hours." in words
    assert "1 to 4 hours 2" in words
    assert "4 to 8 hours 1" in words
    assert "Of 3 decisions." in words


def test_what_waited_again_is_counted_from_then_and_undoing_is_no_decision(client, mo, decide, clock):
    comment = decide(100 * HOUR, by=mo, ago=80 * HOUR)
    clock.move_to(NOW - 10 * HOUR)
    moderation.restore(comment, by=mo, text_version=1)
    clock.move_to(NOW)
    moderation.remove(comment, by=mo, text_version=1)
    waited = sorted(took.time for took in gathering.sample(NOW - timedelta(days=30), make_site()))
    assert waited == [10 * HOUR, 100 * HOUR]


def test_who_decided_how_much_and_how_fast(client, mo, decide):
    pat = make_user("pat", roles.MODERATORS, first_name="Pat <b>", last_name="Moderator")
    for hours in (1, 3):
        decide(hours * HOUR, by=pat)
    decide(2 * HOUR, by=mo, verb="spam")
    decide(2 * HOUR, by=None)
    words = text_of(client.get(PAGE).text)
    assert words.index("Pat &lt;b&gt; Moderator 2 1 h 0 min") < words.index("Mo Moderator 1 2 h 0 min")


def test_rules_stand_with_their_hits_and_errors(client, mo):
    hits = [("links", False), ("links", True), ("links", None), ("capitals", None)]
    RuleHit.objects.bulk_create(
        RuleHit(rule=rule, outcome="hold", at=NOW - timedelta(days=1), was_right=right) for rule, right in hits
    )
    RuleHit.objects.create(rule="advice", outcome="hold", at=NOW - timedelta(days=40))
    words = text_of(client.get(PAGE).text)
    assert "It has more links than most readers need. 3 1 of 2" in words
    assert "It is all in capitals. 1 –" in words
    assert "asks for advice" not in words
    assert "asks for advice" in text_of(client.get(f"{PAGE}?days=90").text)


def test_replies_and_spam_stand_for_each_day_in_the_time_of_the_site(client, mo):
    make_site(time_zone="America/New_York")
    post = make_post()
    for text, status in (
        ("2027-05-05T03:59:00+00:00", "spam"),
        ("2027-05-05T04:00:00+00:00", "approved"),
        ("2027-05-05T05:00:00+00:00", "spam"),
    ):
        make_comment(post, status=status, created_at=datetime.fromisoformat(text))
    page = client.get(PAGE).text
    words = text_of(page)
    assert "May 4, 2027 1 1" in words
    assert "May 5, 2027 2 1" in words
    assert "May 3, 2027 0 0" in words
    assert page.count('<tr><th scope="row">') >= 30


def test_the_chart_says_what_it_is_and_needs_no_style(client, mo):
    make_site(language="es")
    make_comment(make_post(), created_at=NOW)
    page = client.get(PAGE).text
    svg = re.search(r"<svg role=\"img\".*?</svg>", page, re.DOTALL)[0]
    assert 'aria-labelledby="chart-title chart-desc"' in svg
    assert '<title id="chart-title">' in svg
    assert '<desc id="chart-desc">' in svg
    assert svg.count("<rect") == 60
    # A comma would be no number for an SVG.
    assert not re.search(r'(?:x|y|width|height)="[^"]*,', svg)
    assert "style=" not in page[page.index('<div class="figures">') :]


def test_a_year_is_a_column_a_week(client, mo):
    make_comment(make_post(published=timedelta(days=400)), created_at=NOW - timedelta(days=360))
    page = client.get(f"{PAGE}?days=365").text
    assert "A column for each week" in page
    assert page[page.index('<svg role="img"') :].count('<rect class="figures-part"') >= 53
    assert "Week from" in page


@pytest.mark.parametrize("days", ["0", "31", "x", "-30", "30%00", "9" * 30, ""])
def test_another_range_is_not_found(client, mo, days):
    assert client.get(f"{PAGE}?days={days}").status_code == 404


def test_who_may_not_see_decisions_sees_no_figures(client):
    assert client.get(PAGE).status_code == 302
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.get(PAGE).status_code == 403


def test_many_cost_no_more_queries_than_few(client, mo, decide):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    decide(HOUR, by=mo)
    queries()
    few = queries()
    for number in range(6):
        decide(number * HOUR, by=make_user(f"mod{number}", roles.MODERATORS), ago=number * HOUR)
        make_comment(Comment.objects.first().post, status="pending")
        RuleHit.objects.create(rule=f"rule{number}", outcome="hold", at=NOW)
    assert queries() == few


def test_the_log_links_to_the_figures(client, mo):
    page = client.get(LOG).text
    assert f'href="{PAGE}"' in page


def test_durations_and_shares_in_words():
    assert [in_words(timedelta(minutes=minutes)) for minutes in (0, 59, 60, 150, 2879, 2880, 6000)] == [
        "0 min", "59 min", "1 h 0 min", "2 h 30 min", "47 h 59 min", "2 d 0 h", "4 d 4 h",
    ]  # fmt: skip
    assert [gathering.within([HOUR * n for n in range(1, 11)], part) for part in (0.5, 0.9)] == [5 * HOUR, 9 * HOUR]
    assert gathering.within([HOUR], 0.5) == HOUR
    assert charts.share(1, 3) == "33.33"
    assert charts.share(0, 0) == "0.00"
    (column,) = charts.stack([("x", 4, 1)]).columns
    assert (column.rest_y, column.rest_height, column.part_y, column.part_height) == ("0.00", "75.00", "75.00", "25.00")
    assert charts.stack([("x", 0, 0)]).columns[0].part_height == "0.00"


# The log


@pytest.fixture
def root(client):
    root = make_user("root", is_superuser=True)
    client.force_login(root)
    return root


def test_nobody_edits_or_deletes_a_decision_not_even_a_superuser(client, root, decide):
    decide(HOUR, by=root)
    decision = Decision.objects.get()
    before = Decision.objects.values().get()
    page = f"{LOG}{decision.pk}/change/"
    shown = client.get(page)
    assert shown.status_code == 200
    assert not re.search(r'<(?:input|select|textarea)[^>]*name="(?!csrf)', shown.text.partition('id="content"')[2])
    assert client.post(page, {"reason": "forged", "after": "spam"}).status_code == 403
    assert client.get(f"{LOG}{decision.pk}/delete/").status_code == 403
    assert client.post(f"{LOG}{decision.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LOG}add/").status_code == 403
    client.post(LOG, {"action": "delete_selected", "_selected_action": [decision.pk], "post": "yes"})
    assert Decision.objects.values().get() == before


def test_the_log_is_filtered_by_person_verb_and_day_and_links_to_the_reply(client, root, decide):
    pat = make_user("pat", roles.MODERATORS, first_name="Pat", last_name="Moderator")
    theirs, own = decide(HOUR, by=pat, verb="spam"), decide(HOUR, by=root, ago=timedelta(days=3))
    for query, shown, hidden in (
        (f"by__id__exact={pat.pk}", theirs, own),
        ("after__exact=approved", own, theirs),
        ("before__exact=approved", None, own),
        ("at__year=2027&at__month=5&at__day=2", own, theirs),
    ):
        page = client.get(f"{LOG}?{query}").text
        assert shown is None or f"/admin/comments/comment/{shown.pk}/change/" in page
        assert f"/admin/comments/comment/{hidden.pk}/change/" not in page


@pytest.mark.parametrize("name", ["decision", "ban", "report", "override", "emaillook"])
@pytest.mark.parametrize(
    "query", ["at__year=" + "9" * 30, "at__year=2027&at__month=99", "at__year=2027&at__month=2&at__day=30", "at__day=x"]
)
def test_a_day_that_no_calendar_has_is_refused(client, root, name, query):
    assert client.get(f"/admin/comments/{name}/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["ban/?email_index__startswith=k", "ban/?writer__gt=a", "report/?client__gt=a"])
def test_no_code_is_guessed_by_a_filter(client, root, query):
    assert client.get(f"/admin/comments/{query}").status_code == 400
