"""The Containerfile and the compose file: read, and their own commands run, as far as that goes without containers."""

import json
import os
import re
import shlex
import shutil
import subprocess
import urllib.request
from fnmatch import fnmatch

import pytest
import yaml

from audit.demo_site import free_port
from ketablog import env as env_reader
from tests.nginx import check, program
from tests.running import PATIENCE, ROOT, environment

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = ("prepare", "web", "worker")
SECRET = re.compile(r"SECRET|KEY|PASSWORD|TOKEN")


def instructions() -> list[tuple[str, str]]:
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


def all_of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The folders of the image, built by the commands of the Containerfile with the packages of this environment."""
    root = tmp_path_factory.mktemp("image")
    for place in ("srv/ketablog", "srv/static", "var/lib/ketablog", "tmp"):
        (root / place).mkdir(parents=True)
    code = root / "srv/ketablog"
    (code / ".venv").symlink_to(ROOT / ".venv")
    for copied in all_of("COPY"):
        if "--from" in copied:
            continue
        *sources, target = copied.split()
        for source in sources:
            ignored = shutil.ignore_patterns("__pycache__")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, code / target, ignore=ignored)
            else:
                shutil.copy(ROOT / source, code)
    for command in all_of("RUN"):
        if "manage.py" in command or "compileall" in command:
            run_in(root, command, {})
    return root


def inside(root, text: str) -> str:
    """The same text with the folders of the image where the test has put them."""
    return re.sub(r"(?<![\w.])/(?=(?:srv|var/lib|tmp)/)", f"{root}/", text)


def run_in(root, command: str, env: dict[str, str]) -> subprocess.CompletedProcess:
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        ["sh", "-ec", inside(root, command)],
        cwd=root / "srv/ketablog",
        env=plain | env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done


def environment_of(root, port: int) -> dict[str, str]:
    """What the image sets, and what compose.env would."""
    (set_by_image,) = all_of("ENV")
    ours = dict(pair.split("=", 1) for pair in inside(root, set_by_image).split())
    data_dir = root / "var/lib/ketablog"
    assert ours["DATA_DIR"] == str(data_dir)
    database = f"sqlite:///{data_dir}/k.sqlite3"
    return environment(data_dir, **{**ours, "PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": database})


@pytest.mark.xdist_group("serving")
def test_the_commands_of_the_image_prepare_serve_and_work(image):
    port = free_port()
    env = environment_of(image, port)
    run_in(image, shlex.join(COMPOSE["services"]["prepare"]["command"]), env)
    (command,) = map(json.loads, all_of("CMD"))
    server = subprocess.Popen(command, cwd=image / "srv/ketablog", env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert any("is up." in line for line in server.stdout)
        (health,) = all_of("HEALTHCHECK")
        run_in(image, shlex.join(json.loads(health.partition("CMD ")[2])).replace("8000", str(port)), env)
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read().decode()
        style_sheet = re.search(r"/static/css/site\.[0-9a-f]{12}\.css", page)[0]
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}{style_sheet}").status == 200
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)
    run_in(image, shlex.join([*COMPOSE["services"]["worker"]["command"], "--batch"]), env)
    left = {path.name for path in (image / "var/lib/ketablog").iterdir() if "sqlite3" not in path.name}
    assert left <= {"pages", "phrases"}, "What has to outlive a container?"


def test_the_image_holds_what_it_needs_no_secret_and_does_not_run_as_root():
    assert all_of("USER") == ["10001"]
    assert not any(SECRET.search(text) for text in (*all_of("ENV"), *all_of("ARG")))
    assert "--require-hashes -r requirements-scale.txt" in " ".join(all_of("RUN"))
    taken = [line[1:] for line in (DEPLOY / "Containerfile.containerignore").read_text().split() if line[0] == "!"]
    sources = {source for copied in all_of("COPY") if "--from" not in copied for source in copied.split()[:-1]}
    assert sources == set(taken)
    assert not any(fnmatch(source, "*.env*") for source in sources)
    # Whatever the settings import or read at the start is among them.
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages <= sources


def test_each_part_is_there_that_another_one_waits_for():
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (DEPLOY / source).exists() or source in COMPOSE["volumes"], source
    assert services["web"]["build"]["dockerfile"] == "deploy/Containerfile"


@pytest.mark.parametrize("name", OURS)
def test_our_own_parts_have_no_rights_and_a_read_only_root(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service


def test_the_compose_file_holds_no_secret_and_its_example_none_that_would_work():
    assert not SECRET.search((DEPLOY / "compose.yaml").read_text())
    given = env_reader.read_file(DEPLOY / "compose.env.example")
    known = {line.partition("=")[0].lstrip("#") for line in (ROOT / ".env.example").read_text().splitlines()}
    assert {name for name in given if not name.startswith("POSTGRES_")} <= known
    empty = {name for name, value in given.items() if not value}
    assert empty == {"SECRET_KEY", "EMAIL_KEYS", "POSTGRES_PASSWORD", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"}


def test_nginx_takes_the_file_that_stands_before_the_containers(tmp_path):
    program("nginx")
    shutil.copytree(DEPLOY / "nginx" / "ketablog", tmp_path / "ketablog")
    shutil.copy(DEPLOY / "nginx" / "compose.conf", tmp_path)
    text = f"pid {tmp_path}/pid; error_log stderr; events {{ }} http {{ include compose.conf; }}"
    (tmp_path / "nginx.conf").write_text(text)
    assert "[warn]" not in check(tmp_path / "nginx.conf")
