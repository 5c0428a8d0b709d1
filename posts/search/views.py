"""The search page, and how browsers learn of it."""

import textwrap

from django.core.paginator import InvalidPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ketablog import site
from ketablog.markup import one_line
from ketablog.pagecache.declared import for_everybody
from posts import reading
from posts.search import starting
from posts.search.finding import find
from posts.search.queries import read
from posts.views import NotHere

MOST_TAGS = 12
LONGEST_SHORT_NAME = 16  # What OpenSearch allows.


@for_everybody(not_with=("q",))
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found; where nothing was, what may have been meant; where nothing was asked, where to start."""
    query = read(request.GET.get("q", ""))
    if not query.phrases:
        context = {"query": query, "categories": reading.categories(), "tags": reading.tags(MOST_TAGS)}
        return render(request, "posts/search.html", context)
    try:
        results = find(query.typed, request.GET.get("page", 1))
    except InvalidPage:
        raise NotHere(_("This search has no such page.")) from None
    offer = starting.offer(query) if results.count == 0 else None
    return render(request, "posts/search.html", {"query": query, "results": results, "offer": offer})


@for_everybody()
@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which a browser offers the search in its address bar."""
    name = one_line(site.of(request).name)
    short_name = textwrap.shorten(name, LONGEST_SHORT_NAME, placeholder="") or name[:LONGEST_SHORT_NAME]
    context = {"name": name, "short_name": short_name}
    return render(request, "posts/opensearch.xml", context, content_type="application/opensearchdescription+xml")
