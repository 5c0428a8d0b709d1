import time_machine
from django.core.checks import run_checks

from ketablog import help_lines
from ketablog.site import HELP_LINES, PHONE_ADDRESS, read_links
from posts.demo.loading import read


def warnings(moment: str) -> list[str]:
    with time_machine.travel(moment, tick=False):
        return [check.msg for check in run_checks() if check.id == "ketablog.W002"]


def test_the_lines_that_we_name_are_those_that_were_checked():
    checked = {line.address for line in help_lines.HELP_LINES}
    for text in (HELP_LINES, read("site.json")["help_lines"]):
        assert {link.url for link in read_links(text, PHONE_ADDRESS)} <= checked


def test_half_a_year_after_they_were_checked_a_system_check_warns():
    last_day = help_lines.CHECKED + help_lines.FRESH_FOR
    assert warnings(f"{last_day}T12:00:00Z") == []
    (warning,) = warnings(f"{last_day + help_lines.timedelta(days=1)}T12:00:00Z")
    assert f"last checked on {help_lines.CHECKED}" in warning
