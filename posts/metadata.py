"""What a page says to search engines: one graph of schema.org, made of what the page shows and of nothing else.

Nothing here asks the database: articles come with their references, tags and corrections.
"""

from datetime import datetime

from django.conf import settings
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ketablog.markup import one_line, script_json
from ketablog.paths import path_of
from ketablog.site import SiteSettings
from posts.models import Category, Correction, Image, Person, Post, Question, Reference, Review, Tag

Node = dict[str, object]

STUDIES = {Reference.Kind.TRIAL, Reference.Kind.REVIEW, Reference.Kind.OBSERVATIONAL}


def article_graph(post: Post, review: Review | None, replies_count: int, site: SiteSettings) -> SafeString:
    """An article's page; nothing for one that was never published.

    It is called a medical page, with its reviewer, where there is a `review` of exactly this text.
    """
    if post.published_at is None:
        return SafeString()
    url = _address(post)
    page: Node = {
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": one_line(post.title),
        "description": one_line(post.standfirst),
        "inLanguage": get_language(),
        "isPartOf": _reference_to("website"),
        "breadcrumb": {"@id": f"{url}#breadcrumb"},
        "about": [{"@type": "Thing", "name": one_line(topic.name)} for topic in _topics(post)],
        "dateModified": _moment(post.changed_at),
        "mainEntity": {"@id": f"{url}#article"},
    }
    if review is not None:
        page |= {
            "@type": "MedicalWebPage",
            "medicalAudience": {"@type": "MedicalAudience", "audienceType": "Patient"},
            "lastReviewed": review.reviewed_on.isoformat(),
            "reviewedBy": _person(review.reviewer),
        }
    trail = [_home(), *([(post.category.name, _address(post.category))] if post.category else []), (post.title, "")]
    return _graph(page, _article(post, replies_count), *_questions(post), _breadcrumb(url, trail), *_site(site))


def home_graph(site: SiteSettings) -> SafeString:
    """The home page, which alone says where to search."""
    home = settings.SITE_URL + path_of("post_list")
    address = settings.SITE_URL + path_of("search") + "?q={search_term_string}"
    search: Node = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": address},
        "query-input": "required name=search_term_string",
    }
    blog: Node = {
        "@type": "Blog",
        "@id": f"{home}#blog",
        "url": home,
        "name": one_line(site.name),
        "description": one_line(site.tagline),
        "inLanguage": get_language(),
        "publisher": _reference_to("organization"),
        "isPartOf": _reference_to("website"),
    }
    organization, website = _site(site)
    return _graph(blog, organization, website | {"potentialAction": search})


def topic_graph(topic: Category | Tag | Person, page: Page, site: SiteSettings) -> SafeString:
    """A page of the articles of a category or tag, or the page of somebody who writes or reviews."""
    if isinstance(topic, Person):
        return _profile_graph(topic, site)
    summary = topic.description if isinstance(topic, Category) else ""
    return list_graph(topic.name, topic.get_absolute_url(), page, site, summary=summary)


def list_graph(name: str, address: str, page: Page, site: SiteSettings, *, summary: str = "") -> SafeString:
    """A page of articles; `address` is the path of the first one."""
    url = settings.SITE_URL + address + (f"?page={page.number}" if page.number > 1 else "")
    items = [
        {"@type": "ListItem", "position": number, "url": _address(post), "name": one_line(post.title)}
        for number, post in enumerate(page, start=page.start_index())
    ]
    collection: Node = {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": one_line(name),
        "description": one_line(summary),
        "inLanguage": get_language(),
        "isPartOf": _reference_to("website"),
        "mainEntity": {"@type": "ItemList", "itemListElement": items},
    }
    return _graph(collection, *_site(site))


def _profile_graph(person: Person, site: SiteSettings) -> SafeString:
    page: Node = {
        "@type": "ProfilePage",
        "@id": _address(person),
        "url": _address(person),
        "name": one_line(str(person)),
        "inLanguage": get_language(),
        "isPartOf": _reference_to("website"),
        "mainEntity": {
            **_person(person, with_role=True),
            "description": one_line(person.bio),
            "image": _image(person.photo) if person.photo else None,
        },
    }
    return _graph(page, *_site(site))


def _graph(*nodes: Node) -> SafeString:
    return script_json({"@context": "https://schema.org", "@graph": [without_gaps(node) for node in nodes]})


def without_gaps(fields: Node) -> Node:
    """The same without what is empty, at any depth."""
    return {name: _inside(held) for name, held in fields.items() if held not in (None, "", [], {})}


def _inside(value: object) -> object:
    if isinstance(value, dict):
        return without_gaps(value)
    return [_inside(held) for held in value] if isinstance(value, list) else value


def _site(site: SiteSettings) -> list[Node]:
    home = settings.SITE_URL + path_of("post_list")
    logo = site.logo.url if site.logo else static("img/favicon.svg")
    organization: Node = {
        "@type": "Organization",
        **_reference_to("organization"),
        "name": one_line(site.name),
        "url": home,
        "logo": settings.SITE_URL + logo,
        "address": ", ".join(filter(None, map(one_line, site.contact.splitlines()))),
    }
    website: Node = {
        "@type": "WebSite",
        **_reference_to("website"),
        "name": one_line(site.name),
        "description": one_line(site.tagline),
        "url": home,
        "inLanguage": get_language(),
        "publisher": _reference_to("organization"),
    }
    return [organization, website]


def _article(post: Post, replies_count: int) -> Node:
    url = _address(post)
    return {
        "@type": "BlogPosting",
        "@id": f"{url}#article",
        "mainEntityOfPage": url,
        "url": url,
        "headline": one_line(post.title),
        "description": one_line(post.standfirst),
        "image": _image(post.cover) if post.cover else None,
        "author": _person(post.writer, with_role=True),
        "publisher": _reference_to("organization"),
        "datePublished": _moment(post.published_at),
        "dateModified": _moment(post.changed_at),
        "inLanguage": get_language(),
        "articleSection": one_line(post.category.name) if post.category else "",
        "keywords": [one_line(tag.name) for tag in post.tags.all()],
        "wordCount": post.word_count,
        "commentCount": replies_count,
        "citation": [_citation(reference) for reference in post.references.all()],
        "correction": [_correction(correction) for correction in post.corrections.all()],
    }


def _citation(reference: Reference) -> Node:
    """In the order of the list on the page, so that it compresses to little; its address holds what identifies it."""
    is_study = reference.kind in STUDIES and bool(reference.doi or reference.pmid)
    source = one_line(reference.source)
    return {
        "@type": "ScholarlyArticle" if is_study else "CreativeWork",
        "author": one_line(reference.authors),
        "url": reference.link,
        "sameAs": f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/" if reference.doi and reference.pmid else "",
        "name": one_line(reference.title),
        **({"isPartOf": {"@type": "Periodical", "name": source}} if is_study else {"publisher": source}),
        "copyrightYear": reference.year,
    }


def _correction(correction: Correction) -> Node:
    return {
        "@type": "CorrectionComment",
        "text": one_line(correction.text),
        "datePublished": correction.corrected_on.isoformat(),
    }


def _questions(post: Post) -> list[Node]:
    """A part of its own: whoever reviewed the page did not review it."""
    if not post.shown_questions:
        return []
    url = _address(post)
    part: Node = {
        "@type": "FAQPage",
        "@id": f"{url}#questions",
        "url": f"{url}#questions",
        "name": _("Questions and answers"),
        "inLanguage": get_language(),
        "isPartOf": {"@id": url},
        "mainEntity": [_question(question, url) for question in post.shown_questions],
    }
    return [part]


def _question(question: Question, url: str) -> Node:
    here = f"{url}#{question.anchor}"
    return {
        "@type": "Question",
        "@id": here,
        "url": here,
        "name": one_line(question.question),
        "acceptedAnswer": {
            "@type": "Answer",
            "url": here,
            "text": one_line(question.plain_answer),
            "author": _person(question.answered_by) if question.answered_by else _reference_to("organization"),
        },
    }


def _breadcrumb(url: str, trail: list[tuple[str, str]]) -> Node:
    """`trail` has names and addresses; the last is the page itself, and needs none."""
    items = [
        {"@type": "ListItem", "position": number, "name": one_line(name), "item": address}
        for number, (name, address) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumb", "itemListElement": items}


def _home() -> tuple[str, str]:
    return _("Home"), settings.SITE_URL + path_of("post_list")


def _person(person: Person, *, with_role: bool = False) -> Node:
    return {
        "@type": "Person",
        "@id": f"{_address(person)}#person",
        "name": one_line(person.name),
        "honorificSuffix": one_line(person.credentials),
        "jobTitle": one_line(person.role) if with_role else "",
        "url": _address(person),
    }


def _image(image: Image) -> Node:
    return {
        "@type": "ImageObject",
        "url": settings.SITE_URL + image.file.url,
        "width": image.width,
        "height": image.height,
        "caption": one_line(image.caption),
        "creditText": one_line(image.credit),
    }


def _topics(post: Post) -> list[Category | Tag]:
    return [*([post.category] if post.category else []), *post.tags.all()]


def _reference_to(name: str) -> Node:
    return {"@id": f"{settings.SITE_URL}/#{name}"}


def _address(row: Post | Category | Person) -> str:
    return settings.SITE_URL + row.get_absolute_url()


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
