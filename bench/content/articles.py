"""Articles and all that belongs to them but their replies."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import F
from django.utils.text import slugify

from bench.content import words
from bench.content.writing import Author
from ketablog import markup, site
from ketablog.accounts import User
from posts.models import Category, Image, Person, Post, Question, Reference, Tag

# Dates stand still, so that the same seed gives the same site on any day.
FIRST, LAST = datetime(2019, 1, 1, tzinfo=UTC), datetime(2022, 12, 31, tzinfo=UTC)
WORDS = 800
WRITERS = 12
AT_ONCE = 200
TAGGED = Post.tags.through


def fill(author: Author, slugs: list[str], staff: User) -> Iterator[int]:
    """Write an article for each slug into an empty database; gives how many there are after each batch.

    An empty slug is made of the title. The numbers of the rows count from 1, the oldest article first.
    """
    _fill_what_articles_share(author, staff)
    step = (LAST - FIRST) / len(slugs)
    for start in range(0, len(slugs), AT_ONCE):
        batch = slugs[start : start + AT_ONCE]
        with site.in_force(site.current()):
            posts = [_post(author, pk, slug, FIRST + step * pk) for pk, slug in enumerate(batch, start=start + 1)]
        Image.objects.bulk_create(_cover(author, post) for post in posts)
        Post.objects.bulk_create(posts)
        Reference.objects.bulk_create(row for post in posts for row in _references(author, post))
        TAGGED.objects.bulk_create(
            TAGGED(post=post, tag_id=tag)
            for post in posts
            for tag in sorted(author.dice.sample(range(1, len(words.TAGS) + 1), k=3))
        )
        Question.objects.bulk_create(row for post in posts for row in _questions(author, post))
        # They are called new or revised by when they came out, not by when this ran.
        came_out = F("published_at")
        Post.objects.filter(pk__gt=start).update(created_at=came_out, updated_at=came_out, revised_at=came_out)
        yield start + len(batch)


def _fill_what_articles_share(author: Author, staff: User) -> None:
    Category.objects.bulk_create(
        Category(pk=pk, name=name, slug=slugify(name), description=author.paragraph(1))
        for pk, name in enumerate(words.CATEGORIES, start=1)
    )
    Tag.objects.bulk_create(Tag(pk=pk, name=name, slug=name) for pk, name in enumerate(words.TAGS, start=1))
    Person.objects.bulk_create(
        Person(
            pk=pk,
            name=f"{words.FIRST_NAMES[pk]} {author.invented[pk]}",
            slug=f"writer-{pk}",
            credentials=author.dice.choice(("MD", "PhD", "RN", "MD, PhD")),
            role="Clinician",
            bio=author.paragraph(2),
            user=staff if pk == 1 else None,
        )
        for pk in range(1, WRITERS + 1)
    )


def _post(author: Author, pk: int, slug: str, published_at: datetime) -> Post:
    author.choose_subject()
    title = author.title()
    references = author.dice.randint(3, 8)
    post = Post(
        pk=pk,
        title=title,
        slug=slug or f"{slugify(title)}-{pk}",
        standfirst=author.paragraph(1),
        key_points="\n".join(author.paragraph(1) for _ in range(3)),
        body=author.body(references, WORDS),
        cover_id=pk,
        writer_id=author.dice.randint(1, WRITERS),
        category_id=author.dice.randint(1, len(words.CATEGORIES)),
        published_at=published_at,
    )
    article = markup.render_article(post.body, {}, references)
    post.body_html, post.contents, post.body_policy = article.html, article.contents, markup.POLICY_VERSION
    post.note_revision()
    post.reference_rows = references  # type: ignore[attr-defined]
    return post


def _cover(author: Author, post: Post) -> Image:
    """As if its smaller files were made; there is no file at all."""
    return Image(
        pk=post.pk,
        file=f"images/bench-{post.pk}.webp",
        alt=author.paragraph(1),
        width=1600,
        height=900,
        renditions={"avif": [320, 480, 800, 1200], "webp": [320, 480, 800, 1200]},
    )


def _references(author: Author, post: Post) -> Iterator[Reference]:
    for position in range(1, post.reference_rows + 1):  # type: ignore[attr-defined]
        yield Reference(
            post=post,
            position=position,
            authors=f"{author.place()} A, {author.place()} B",
            title=author.title(),
            source=author.dice.choice(words.JOURNALS),
            year=author.dice.randint(1998, 2022),
            doi=f"10.5555/bench.{post.pk}.{position}",
            kind=author.dice.choice(Reference.Kind.values),
        )


def _questions(author: Author, post: Post) -> Iterator[Question]:
    if author.dice.random() < 0.2:
        for position in (1, 2):
            question = Question(
                post=post,
                position=position,
                question=author.fill("Does {thing} help with {topic}?"),
                answer=author.paragraph(3),
                answered_by_id=author.dice.randint(1, WRITERS),
            )
            question.render()
            yield question
