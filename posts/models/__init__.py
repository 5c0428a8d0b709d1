from posts.models.article import Post
from posts.models.editorial import Reference, Review
from posts.models.media import Attachment, Image
from posts.models.pages import Page
from posts.models.people import Person
from posts.models.topics import Category, Tag

__all__ = ["Attachment", "Category", "Image", "Page", "Person", "Post", "Reference", "Review", "Tag"]
