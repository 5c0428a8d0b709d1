from posts.models.addresses import FormerAddress
from posts.models.article import Post
from posts.models.editorial import Correction, Reference, Review
from posts.models.media import Attachment, Image
from posts.models.pages import Page
from posts.models.people import Person
from posts.models.questions import Question
from posts.models.search import SearchEntry, SearchWord
from posts.models.topics import Category, Tag

__all__ = [
    "Attachment",
    "Category",
    "Correction",
    "FormerAddress",
    "Image",
    "Page",
    "Person",
    "Post",
    "Question",
    "Reference",
    "Review",
    "SearchEntry",
    "SearchWord",
    "Tag",
]
