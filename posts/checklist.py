"""What an article still lacks, for those who write it. Nothing here ever keeps them from saving."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ketablog.markup import render_article
from posts.editorial import current_review
from posts.models import Post


def missing(post: Post) -> Iterator[str]:
    """A sentence for each thing that readers would miss."""
    if not post.standfirst:
        yield _("There is no standfirst: one or two sentences for lists and for who shares the article.")
    if not post.references.exists():
        yield _("There are no references: readers cannot see what the article rests on.")
    yield from _astray(post)
    if post.cover_id is None:
        yield _("There is no cover image.")
    if post.body.count("<img") > post.body_html.count("<img"):
        yield _(
            "An image in the text is not shown to readers, because it is not in the library. "
            "Take it out and insert it with the Image button."
        )
    if 'alt=""' in post.body_html:
        yield _("An image in the text has no description for readers who cannot see it.")
    if post.questions.taken_off().exists():
        yield _(
            "A question and answer is not shown to readers, because whoever asked it took the question back. "
            "Look at it below: confirm it, write it anew, or delete it."
        )
    if post.reviews.exists() and current_review(post) is None:
        yield _(
            "The text was changed since its medical review. "
            "Readers see no review until somebody reviews this text again."
        )


def _astray(post: Post) -> Iterator[str]:
    """Marks in the text without a reference, and references without a mark where others have one."""
    count = post.reference_count
    marks = set(render_article(post.body, {}, count).marks)
    beyond = sorted(number for number in marks if number > count)
    if beyond:
        yield ngettext(
            "The text has the mark %(marks)s, but there is no such reference: readers see a number leading nowhere.",
            "The text has the marks %(marks)s, but there are no such references: readers see numbers leading nowhere.",
            len(beyond),
        ) % {"marks": ", ".join(f"[{number}]" for number in beyond)}
    unmarked = [number for number in range(1, count + 1) if number not in marks]
    if unmarked and len(unmarked) < count:
        yield ngettext(
            "No mark in the text leads to reference %(numbers)s, though others have one.",
            "No marks in the text lead to the references %(numbers)s, though others have one.",
            len(unmarked),
        ) % {"numbers": ", ".join(map(str, unmarked))}
