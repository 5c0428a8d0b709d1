"""Keeping the search in step with the articles."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice

from django.db import connections, router, transaction

from ketablog.batches import in_batches
from posts.models import Post, Question, SearchEntry, Tag
from posts.search import likeness, vocabulary
from posts.search.engine import engine_of
from posts.search.folding import composed, words
from posts.search.texts import body_lines, question_lines, summary_lines

# Raise it with any change to what an entry says of an article: older entries are made anew after the next migration.
VERSION = 3
# What PostgreSQL can hold of one article: positions of words end at 16,383, and all of them at one megabyte.
MOST_WORDS = 16_000
MOST_BYTES = {"title": 60_000, "summary": 60_000, "tags": 60_000, "body": 300_000}
AT_ONCE = 50


def index(posts: Iterable[Post], *, and_likeness: bool = True) -> int:
    """Let the search find these articles by what they and their tags say now. Returns how many there were.

    Whoever stores them or their tags calls it in the same transaction. What is counted over all articles follows
    when that has held: it is no reason to lose an article.
    """
    posts, count = iter(posts), 0
    while batch := list(islice(posts, AT_ONCE)):
        count += len(batch)
        before = SearchEntry.objects.in_bulk([post.pk for post in batch])
        for entry, spellings in _store(batch):
            _follow_up(entry, before.get(entry.pk), spellings, and_likeness)
    return count


def bring_up_to_date() -> None:
    """Make all anew where an article was never indexed, or by older rules."""
    if Post.objects.exclude(search_entry__version=VERSION).exists():
        rebuild()


def rebuild(*, and_likeness: bool = True) -> tuple[int, int]:
    """Make all that the search knows anew. Returns how many articles and how many words it knows."""
    connection = connections[router.db_for_write(SearchEntry)]
    engine = engine_of(connection)
    engine.prepare(connection)
    counts: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    articles = 0
    for batch in in_batches(Post.objects.all()):
        articles += len(batch)
        for entry, spelled in _store(batch):
            counts.update(vocabulary.words_of(entry))
            spellings = spelled | spellings
    engine.renew(connection)
    vocabulary.replace(counts, spellings)
    for pk in SearchEntry.objects.values_list("pk", flat=True) if and_likeness else ():
        likeness.renew(pk)
    return articles, len(counts)


def _store(posts: list[Post]) -> list[tuple[SearchEntry, dict[str, str]]]:
    """Write the entries of articles. Returns them with how their words are spelled."""
    tags = defaultdict(list)
    named = Tag.objects.filter(posts__in=posts).order_by("name").values_list("posts", "name")
    for post_id, name in named:
        tags[post_id].append(name)
    questions = defaultdict(list)
    for question in Question.objects.shown().filter(post__in=posts):
        questions[question.post_id].append(question)
    made = [_entry(post, tags[post.pk], questions[post.pk]) for post in posts]
    SearchEntry.objects.bulk_create(
        [entry for entry, _spellings in made],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=[*MOST_BYTES, "lines", "version"],
    )
    return made


def _entry(post: Post, tags: list[str], questions: list[Question]) -> tuple[SearchEntry, dict[str, str]]:
    body = [*body_lines(post), *question_lines(questions)]
    texts = {"title": [post.title], "summary": summary_lines(post), "tags": tags, "body": body}
    spellings: dict[str, str] = {}
    folded = {name: _fold(lines, MOST_BYTES[name], spellings) for name, lines in texts.items()}
    lines = "\n".join([*texts["summary"], *body])
    return SearchEntry(post=post, version=VERSION, lines=lines, **folded), spellings


def _fold(lines: list[str], most_bytes: int, spellings: dict[str, str]) -> str:
    """The words of some lines, with spaces between; how each is spelled goes into `spellings`."""
    folded: list[str] = []
    for line in map(composed, lines):
        for word in words(line):
            folded.append(word.folded)
            spellings.setdefault(word.folded, line[word.start : word.end].lower())
        if len(folded) >= MOST_WORDS:
            break
    text = " ".join(folded[:MOST_WORDS])
    return text.encode()[:most_bytes].decode(errors="ignore")


def _follow_up(entry: SearchEntry, before: SearchEntry | None, spellings: dict[str, str], and_likeness: bool) -> None:
    def count_and_compare() -> None:
        vocabulary.count(vocabulary.words_of(entry), vocabulary.words_of(before) if before else set(), spellings)
        if and_likeness:
            likeness.renew(entry.pk)

    transaction.on_commit(count_and_compare, robust=True)
