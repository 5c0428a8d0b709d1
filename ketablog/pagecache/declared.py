"""Which pages may be stored, and which parameters of an address they know."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from ketablog.outages import AWAY

View = TypeVar("View", bound=Callable[..., HttpResponse])
DATABASE_AWAY = "ketablog.database_away"  # In the environment of a request that met no database.
LONGEST_PATH = 500


@dataclass(frozen=True, slots=True)
class Parameters:
    """The `known` ones make another page each; with one of `not_with` the page is not for everybody."""

    known: frozenset[str]
    not_with: frozenset[str]

    def canonical(self, query: str) -> str | None:
        """The query with what the page knows, in one order; `None` where the page is not for everybody.

        Of a parameter that comes twice the last one counts, as in `request.GET`.
        """
        try:
            given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=100))
        except ValueError:
            return None
        if self.not_with & given.keys():
            return None
        return urlencode(sorted((name, value) for name, value in given.items() if name in self.known))


def for_everybody(*known: str, not_with: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Marks a view whose pages are the same for everybody, unless they are asked for with one of `not_with`, and names
    the parameters that it knows. Others are taken out of the address before the view sees it.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def watching(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except AWAY:
                request.META[DATABASE_AWAY] = True
                raise

        watching.parameters = Parameters(frozenset(known), frozenset(not_with))  # type: ignore[attr-defined]
        return watching  # type: ignore[return-value]

    return mark


def parameters_of(path: str) -> Parameters | None:
    """What the page at this path knows; `None` where it is not for everybody, or where nothing is."""
    return _parameters_of(path) if len(path) <= LONGEST_PATH else None


@lru_cache(maxsize=2000)
def _parameters_of(path: str) -> Parameters | None:
    try:
        # As Django reads it from a request.
        return getattr(resolve(path.encode("latin-1").decode("utf-8")).func, "parameters", None)
    except (Resolver404, UnicodeError):
        return None
