"""Looks at the site's pages in a Chromium, as their readers get them: `make audit`, `make screenshots`."""
