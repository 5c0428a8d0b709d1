"""Where an image is seen: the articles and pages whose text shows it, and how texts are set anew."""

from collections.abc import Iterable

from ketablog.markup import POLICY_VERSION
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
    """Render the texts that show an image; returns how many got other HTML."""
    return sum(_renew(row) for row in showing([image_id]))


def any_is_old() -> bool:
    """Whether a text was rendered under an older policy than today's."""
    return any(model._default_manager.filter(body_policy__lt=POLICY_VERSION).exists() for model in (Post, Page))


def render_all_again_later() -> None:
    """Have every text rendered again, in what is now the site's language. Call it in the transaction that sets that."""
    render_all_again_in_queue.enqueue()


@task()
def render_all_again_in_queue() -> None:
    for model in (Post, Page):
        for pk in model._default_manager.values_list("pk", flat=True):
            for row in model._default_manager.filter(pk=pk):  # None where it was deleted meanwhile.
                _renew(row)


def _renew(row: Shows) -> int:
    """Whether the text got other HTML, as 0 or 1.

    An update, not a save: nobody changed the text, so its dates stay. A text that is saved meanwhile is left alone.
    """
    before, policy = (row.body_html, row.contents), row.body_policy
    row.render_body()
    if (row.body_html, row.contents) == before and policy == row.body_policy:
        return 0
    same = type(row)._default_manager.filter(pk=row.pk, body=row.body)
    return same.update(body_html=row.body_html, contents=row.contents, body_policy=row.body_policy)
