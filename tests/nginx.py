"""nginx as it is deployed: the files of `deploy/nginx`, with the names and ports of a test in the place of theirs."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from audit.demo_site import free_port
from tests.running import PATIENCE, ROOT

NAME = "blog.example.org"
SHIPPED = ROOT / "deploy" / "nginx"
AROUND = """
{user}
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {file};
}}
"""


def program(name: str) -> str:
    """Where a server's program is; the test is skipped where it is not."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") == "1" else pytest.skip)(f"{name} is not here.")
    return found


def adapted(text: str, folder: Path, ports: dict[str, int], data_dir: Path, nodes: list[str]) -> str:
    """A shipped file for this test: everything but names, ports and folders stays as it is."""
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
    text = re.sub(r"listen (80|443)\b", lambda found: f"listen 127.0.0.1:{ports[found[1]]}", text)
    text = text.replace(f"/etc/letsencrypt/live/{NAME}", str(folder)).replace("/var/lib/ketablog", str(data_dir))
    text = text.replace("/var/log/nginx", str(folder)).replace("/var/cache/nginx", str(folder))
    text = text.replace("server unix:/run/ketablog/web.sock", f"server {nodes[0]}")
    for number, node in enumerate(nodes):
        text = text.replace(f"server 10.0.0.{11 + number}:8000", f"server {node}")
    return text


def write_configuration(
    shipped: str, folder: Path, *, data_dir: Path, nodes: list[str], micro_cache: bool = False
) -> tuple[Path, int]:
    """The configuration in this folder, and the port that speaks https."""
    ports = {"80": free_port(), "443": free_port()}
    (folder / "ketablog").mkdir(parents=True)
    for file in [SHIPPED / shipped, *(SHIPPED / "ketablog").iterdir()]:
        text = adapted(file.read_text(), folder, ports, data_dir, nodes)
        if micro_cache:
            text = text.replace("# include ketablog/micro-cache.inc;", "include ketablog/micro-cache.inc;")
        (folder / file.relative_to(SHIPPED)).write_text(text)
    subject = ["-subj", f"/CN={NAME}", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    key = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run([*key, *subject], check=True, capture_output=True)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder, file=shipped))
    return folder / "nginx.conf", ports["443"]


def check(configuration: Path) -> str:
    """What `nginx -t` says; fails where it says no."""
    done = subprocess.run(
        [program("nginx"), "-t", "-p", configuration.parent, "-c", configuration], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@contextmanager
def nginx(configuration: Path, port: int) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([program("nginx"), "-p", configuration.parent, "-c", configuration])
    try:
        for _ in range(PATIENCE * 20):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def ask(port: int, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[HTTPResponse, bytes]:
    """The answer over https, as a browser that went to our name gets it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, {"Host": NAME, **named})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
