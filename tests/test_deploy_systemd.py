"""The units of systemd are such as it takes."""

import shutil
import subprocess

import pytest

from tests.running import ROOT


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path):
    for unit in (ROOT / "deploy" / "systemd").glob("ketablog-*"):
        (tmp_path / unit.name).write_text(unit.read_text().replace("/srv/ketablog", str(ROOT)))
    units = sorted(path.name for path in tmp_path.iterdir())
    command = ["systemd-analyze", "verify", "--man=no", *units]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
