"""`python -m audit.more_replies`: an article of the demo gets the fifty replies that its budget is counted with."""

import os
from itertools import cycle, islice

import django

SLUG = "interesting-facts-about-ketamine-infusions"
REPLIES = 50


def fill() -> None:
    from comments.models import Comment
    from posts.models import Post

    post = Post.objects.get(slug=SLUG)
    public = list(post.comments.approved())
    for like in islice(cycle(public), max(0, REPLIES - len(public))):
        parent = like.parent
        Comment.objects.create(
            post=post, parent=parent, name=like.name, source=like.source, status=like.status, created_at=like.created_at
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")
    django.setup()
    fill()
