"""Replies: in the order in which they came, spread over the articles as unevenly as readers do."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.content.writing import Author
from comments.models import Comment
from ketablog import markup, secrets
from ketablog.accounts import User

FIRST, LAST = datetime(2023, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
NAMED = (0, 50, 1_000, 100_000)  # The articles `replies-<number>` have exactly so many, all of them public.
TEXTS, READERS = 5000, 5000
AT_ONCE = 5000
RECENT = 12  # Of so many of the last replies one may be answered.
ANSWERS, BY_STAFF = 0.45, 0.06
STATUSES = ("approved", "pending", "spam", "removed")
CHANCES = (970, 3, 20, 7)
POLICY_HELD = [{"version": 1, "rule": "policy", "points": 0, "fragment": ""}]
LINKS_FOUND = [{"version": 1, "rule": "links", "points": 9, "fragment": "https://example.org/buy", "outcome": "spam"}]


def named_within(replies: int) -> list[int]:
    """Which of the articles with an exact number there are, where there are so many replies in all."""
    found: list[int] = []
    for number in NAMED:
        if sum(found) + number <= replies:
            found.append(number)
    return found


def shares(author: Author, articles: int, replies: int) -> list[int]:
    """How many replies each article gets: the named ones theirs, and of the rest few get most."""
    named = named_within(replies)[:articles]
    others = articles - len(named)
    weights = [1 / (place + 3) for place in range(others)]
    author.dice.shuffle(weights)
    left = replies - sum(named)
    whole = [int(left * weight / sum(weights)) for weight in weights] if weights else []
    for place in range(left - sum(whole) if whole else 0):
        whole[place % others] += 1
    return named + whole


@dataclass(frozen=True, slots=True)
class Text:
    source: str
    html: str


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    email_encrypted: str
    email_index: str
    writer: str


def fill(author: Author, numbers: list[int], staff: User) -> Iterator[int]:
    """Write so many replies under each article, from the first row on; gives how many there are after each batch."""
    author.choose_all()
    named = len(named_within(sum(numbers)))
    texts = [_text(author) for _ in range(min(TEXTS, max(50, sum(numbers))))]
    readers = [_reader(author, place) for place in range(min(READERS, max(10, sum(numbers) // 4)))]
    deck = array("I", (pk for pk, number in enumerate(numbers, start=1) for _ in range(number)))
    author.dice.shuffle(deck)
    step = (LAST - FIRST) / max(1, len(deck))
    recent: dict[int, list[tuple[int, int]]] = {}
    batch: list[Comment] = []
    for pk, post_pk in enumerate(deck, start=1):
        is_public = post_pk <= named
        comment = _comment(author, pk, post_pk, FIRST + step * pk, author.dice.choice(texts), is_public)
        _place(author, comment, recent.setdefault(post_pk, []))
        if comment.parent_id and author.dice.random() < BY_STAFF / ANSWERS:
            _by(comment, staff)
        else:
            _from(comment, author.dice.choice(readers))
        batch.append(comment)
        if len(batch) == AT_ONCE or pk == len(deck):
            Comment.objects.bulk_create(batch)
            batch.clear()
            yield pk


def _text(author: Author) -> Text:
    source = author.reply()
    return Text(source, markup.render_comment(source))


def _reader(author: Author, place: int) -> Reader:
    address = f"reader-{place}@example.org"
    writer = f"{author.dice.getrandbits(128):032x}"
    return Reader(author.name(), secrets.encrypt(address), secrets.address_index(address), writer)


def _comment(author: Author, pk: int, post_pk: int, created_at: datetime, text: Text, is_public: bool) -> Comment:
    status = STATUSES[0] if is_public else author.dice.choices(STATUSES, CHANCES)[0]
    return Comment(
        pk=pk,
        post_id=post_pk,
        source=text.source,
        html=text.html,
        html_policy=markup.POLICY_VERSION,
        generation=pk,
        status=status,
        reasons={"pending": POLICY_HELD, "spam": LINKS_FOUND}.get(status, []),
        created_at=created_at,
        decided_at=None if status == "pending" else created_at + timedelta(hours=2),
    )


def _place(author: Author, comment: Comment, recent: list[tuple[int, int]]) -> None:
    """Let it begin a thread or answer one of the last; `recent` holds the number and the thread of each."""
    if recent and author.dice.random() < ANSWERS:
        comment.parent_id, comment.thread_id = author.dice.choice(recent)
    if comment.status == "approved":
        recent.append((comment.pk, comment.thread_id or comment.pk))
        del recent[:-RECENT]


def _by(comment: Comment, staff: User) -> None:
    comment.user_id, comment.name, comment.status = staff.pk, staff.get_full_name(), "approved"
    comment.reasons, comment.decided_by_id = [], staff.pk


def _from(comment: Comment, reader: Reader) -> None:
    comment.name, comment.writer = reader.name, reader.writer
    comment.email_encrypted, comment.email_index = reader.email_encrypted, reader.email_index
