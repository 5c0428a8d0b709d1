"""The icon for what has no head to name one in, and what a telephone needs to put the site on its start page."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from ketablog import site, theme
from ketablog.pagecache.declared import for_everybody

A_DAY = 24 * 60 * 60
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))


@cache
def _favicon() -> bytes:
    return (settings.BASE_DIR / "static" / "img" / "favicon.ico").read_bytes()


@for_everybody()
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For feeds, plain texts, the admin, and programs that ask for no other."""
    response = HttpResponse(_favicon(), content_type="image/x-icon")
    response.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


@for_everybody()
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The site's name, language, colors and icons. It opens as what it is: a page in the browser."""
    current = site.of(request)
    icons = [
        {"src": static(f"img/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    content = {
        "id": "/",
        "name": current.name,
        "short_name": current.name,
        "lang": current.known_language,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "background_color": theme.PAPER,
        "theme_color": theme.on_light(current.accent),
        "icons": icons,
    }
    if current.tagline:
        content["description"] = current.tagline
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
