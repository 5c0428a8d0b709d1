"""Where Django looks for the models of this package."""

from ketablog.accounts import User
from ketablog.counters import Tally
from ketablog.demo import DemoRow
from ketablog.pagecache.freshness import Change
from ketablog.site import SiteSettings

__all__ = ["Change", "DemoRow", "SiteSettings", "Tally", "User"]
