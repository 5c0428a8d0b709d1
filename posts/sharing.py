"""Where an article can be passed on to: plain links, and nothing that follows the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ketablog.site import Network, SiteSettings
from posts.models import Post


@dataclass(frozen=True, slots=True)
class ShareLink:
    """`name` is the network's, and its symbol's in templates/_sprite.html; `label` is what a reader sees."""

    name: str
    label: str
    url: str


def _to(address: str, **fields: str) -> str:
    return f"{address}?{urlencode(fields, quote_via=quote)}"


ADDRESSES: dict[str, Callable[[str, str], str]] = {
    Network.FACEBOOK: lambda title, url: _to("https://www.facebook.com/sharer/sharer.php", u=url),
    Network.X: lambda title, url: _to("https://x.com/intent/post", text=title, url=url),
    Network.LINKEDIN: lambda title, url: _to("https://www.linkedin.com/sharing/share-offsite/", url=url),
    Network.REDDIT: lambda title, url: _to("https://www.reddit.com/submit", url=url, title=title),
    Network.WHATSAPP: lambda title, url: _to("https://wa.me/", text=f"{title} {url}"),
    Network.TELEGRAM: lambda title, url: _to("https://t.me/share/url", url=url, text=title),
    Network.BLUESKY: lambda title, url: _to("https://bsky.app/intent/compose", text=f"{title} {url}"),
}


def share_links(post: Post, site: SiteSettings) -> list[ShareLink]:
    """E-mail, then the networks that the clinic chose, in the order of `Network`."""
    title, url = post.shared_title, _address(post)
    # Mail programs read "+" as it stands, so a space is %20.
    mail = _to("mailto:", subject=title, body=f"{title}\r\n\r\n{url}\r\n")
    links = [ShareLink("email", _("Email"), mail)]
    for network in Network:
        if network.value in site.networks:
            address = ADDRESSES[network](title, url) if network in ADDRESSES else _own_page(post)
            links.append(ShareLink(network.value, str(network.label), address))
    return links


def mastodon_link(post: Post, server: str) -> str:
    """Where the reader writes about the article on this server of Mastodon."""
    return _to(f"https://{server}/share", text=f"{post.shared_title} {_address(post)}")


def _address(post: Post) -> str:
    return settings.SITE_URL + post.get_absolute_url()


def _own_page(post: Post) -> str:
    """Mastodon has no address for all its servers; ours asks for the reader's."""
    return reverse("share_on_mastodon", args=[post.slug])
