"""Python reads this at its start where the folder is in PYTHONPATH: `application.py` then stands in place of the site's
own application. All else about the web server stays as it is."""

import sys
from importlib.abc import MetaPathFinder
from importlib.util import spec_from_file_location
from pathlib import Path


class InPlaceOfTheSite(MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname == "ketablog.wsgi":
            return spec_from_file_location(fullname, Path(__file__).with_name("application.py"))
        return None


sys.meta_path.insert(0, InPlaceOfTheSite())
