# SPDX-License-Identifier: Apache-2.0
"""A real nginx before a hotline in production mode, with the very settings that docs/howto/production.md shows."""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rexian.config.secrets import new_ring
from tests.server.hotline import ROOT, Hotline, free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PAGE = (ROOT / "docs/howto/production.md").read_text(encoding="utf-8")
HOST = "hotline.example.gov.cn"
MAIN = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
{block}
}}
"""


def block(language: str, holding: str) -> str:
    """The page's fenced block in this language that holds these words."""
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holding in text]
    assert len(found) == 1, (language, holding)
    return str(found[0])


def replaced(text: str, changes: dict[str, str]) -> str:
    """Puts this test's ports and files in; each of what is replaced must be there."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


class Production(Hotline):
    """A hotline by the page's environment file; only names of places and the secrets are this test's."""

    @property
    def environment(self) -> dict[str, str]:
        keys = self.folder / "keys.json"
        lines = dict(line.split("=", 1) for line in block("ini", "REXIAN_MODE").splitlines())
        mine = {
            "REXIAN_VAR": str(self.folder),
            "REXIAN_KEYS": str(keys),
            "REXIAN_SECRET_KEY": "a session key of the tests, which nobody else has, 0123456789",
            "DATABASE_URL": f"postgresql://rexian@/rexian?host={self.database.socket_folder}",
        }
        assert mine.keys() < lines.keys()
        if not keys.exists():
            keys.write_text(json.dumps(new_ring("sm4-gcm")), encoding="utf-8")
        return super().environment | lines | mine

    def prepare(self) -> str:
        """A city of its own: the one that others copy is under other keys."""
        return self._make()


class Proxy:
    """nginx as an unprivileged process; `close` ends it."""

    def __init__(self, web: int, stream: int) -> None:
        self.folder, self.https, self.http = Path(tempfile.mkdtemp(prefix="rexian-nginx-")), free_port(), free_port()
        certificate, key = self.folder / "hotline.pem", self.folder / "hotline.key"
        _certificate(certificate, key)
        changes = {
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "/etc/ssl/hotline.pem": str(certificate),
            "/etc/ssl/hotline.key": str(key),
            "127.0.0.1:8345": f"127.0.0.1:{web}",
            "127.0.0.1:8346": f"127.0.0.1:{stream}",
        }
        told = MAIN.format(folder=self.folder, block=replaced(block("nginx", "upstream"), changes))
        (self.folder / "nginx.conf").write_text(told, encoding="utf-8")
        self.process = subprocess.Popen(
            [str(NGINX), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.log)],
            **self._nobody(),
        )
        self._await()

    @property
    def log(self) -> Path:
        return self.folder / "error.log"

    def _nobody(self) -> dict[str, Any]:
        """Who it runs as: ourselves, or for root somebody without rights."""
        if os.geteuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _await(self) -> None:
        for _ in range(100):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                httpx.get(f"http://127.0.0.1:{self.http}/")
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("nginx did not start")

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.https}"

    def client(self, address: str = "127.0.0.1", **headers: str) -> httpx.Client:
        """A browser at one of this machine's addresses, as far as these matter: it names the host and where it comes from."""
        told = {"Host": HOST, "Referer": f"https://{HOST}/"} | headers
        transport = httpx.HTTPTransport(verify=False, local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, headers=told, timeout=60)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def _certificate(certificate: Path, key: Path) -> None:
    """A certificate of an hour for HOST, signed by itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    signed = made.sign(private, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, plain, none))
