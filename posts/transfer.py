"""Plain rows into articles."""

from django.db import transaction
from django.utils import timezone

from ketablog import site
from posts import publishing
from posts.importers import Article
from posts.models import Person, Post


def store_article(article: Article, *, publish: bool, writer: Person | None = None) -> Post:
    """A new article, as a draft or published now. Without a writer it stands under the name of the blog."""
    with transaction.atomic():
        post = Post.objects.create(
            title=article.title,
            body=article.body,
            writer=writer or house_writer(),
            published_at=timezone.now() if publish else None,
        )
        publishing.settle(post)
    return post


def house_writer() -> Person:
    """The person who stands for the blog itself."""
    name = site.current().name
    return Person.objects.filter(name=name).first() or Person.objects.create(name=name)
