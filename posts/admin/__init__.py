"""Where staff write: articles and pages, what they are about, who writes, and the files that belong to them."""

from posts.admin.addresses import FormerAddressAdmin
from posts.admin.articles import PostAdmin
from posts.admin.media import AttachmentAdmin, ImageAdmin
from posts.admin.pages import PageAdmin
from posts.admin.people import PersonAdmin
from posts.admin.site import LinkedSiteSettingsAdmin
from posts.admin.topics import CategoryAdmin, TagAdmin

__all__ = [
    "AttachmentAdmin",
    "CategoryAdmin",
    "FormerAddressAdmin",
    "ImageAdmin",
    "LinkedSiteSettingsAdmin",
    "PageAdmin",
    "PersonAdmin",
    "PostAdmin",
    "TagAdmin",
]
