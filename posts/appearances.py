"""Where an image is seen: the articles and pages whose text shows it."""

from collections.abc import Iterable

from ketablog.tasks import task
from posts.models import Page, Post

Shows = Post | Page


def showing(image_ids: Iterable[int]) -> list[Shows]:
    """The articles and pages whose text shows one of these images. Two queries."""
    numbers = "|".join(map(str, image_ids))
    if not numbers:
        return []
    address = rf"/images/0*({numbers})([^0-9]|$)"
    return [*Post.objects.filter(body__regex=address), *Page.objects.filter(body__regex=address)]


def render_again_later(image_id: int) -> None:
    """Have the texts that show an image rendered again. Call it in the transaction that changes the image."""
    render_again_in_queue.enqueue(image_id)


@task()
def render_again_in_queue(image_id: int) -> None:
    render_again(image_id)


def render_again(image_id: int) -> int:
    """Render the texts that show an image; returns how many got other HTML.

    An update, not a save: nobody changed the text, so its dates stay. A text that is saved meanwhile is left alone.
    """
    changed = 0
    for row in showing([image_id]):
        before = row.body_html
        row.render_body()
        if row.body_html != before:
            same = type(row)._default_manager.filter(pk=row.pk, body=row.body)
            changed += same.update(body_html=row.body_html, contents=row.contents, body_policy=row.body_policy)
    return changed
