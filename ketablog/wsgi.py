import os
import re

from django.core.wsgi import get_wsgi_application

from ketablog import pagecache
from ketablog.request_log import logged

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")

FORM_TYPE = re.compile(
    r"\s*([\w.+-]{1,60}/[\w.+-]{1,60})"
    r"((?:\s*;\s*boundary=\"?[\w'()+,./:=?-]{1,70}\"?|\s*;\s*charset=\"?utf-?8\"?)*)\s*;?\s*",
    re.ASCII | re.IGNORECASE,
)
UNREADABLE = "application/octet-stream"

django_application = get_wsgi_application()


@logged
def without_page_cache(environ, start_response):
    """Django, spared content types with a charset that is none: it would fail while it reads the request.

    The answer to HEAD is its headers alone; Django would send the whole page after them.
    """
    given = environ.get("CONTENT_TYPE", "")
    if given and not FORM_TYPE.fullmatch(given):
        environ["CONTENT_TYPE"] = UNREADABLE
    response = django_application(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    return []


application = pagecache.put_before(without_page_cache)
