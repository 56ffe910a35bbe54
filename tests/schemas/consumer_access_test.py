#!/usr/bin/python3
"""docs/central/consumer.py against a mosquitto that asks for TLS, a certificate and a password: it gets in with all of
them, and stores nothing from a broker that it cannot trust."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

CONSUMER = Path(__file__).resolve().parents[2] / "docs" / "central" / "consumer.py"
PREFIX = "portcullis/xmht/g07"
EVENT = json.dumps({"stream": "5b0e7a3c91d24f6680c4d2e19a7f3b58", "sequence": f"{1:020}"})
PATIENCE = 60  # seconds, for what must come


def run(*words: str, folder: Path) -> None:
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_certificates(folder: Path) -> None:
    for name in ("ca", "stranger"):
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
            "-subj", f"/CN={name}", "-days", "30", folder=folder)  # fmt: skip
    (folder / "host").write_text("subjectAltName=DNS:localhost\n", encoding="utf-8")
    for name in ("broker", "client"):
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
            "-subj", f"/CN={name}", folder=folder)  # fmt: skip
        run("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "20", "-extfile", "host", "-out", f"{name}.pem", folder=folder)  # fmt: skip
    for file in folder.iterdir():
        file.chmod(0o644)  # for the account that mosquitto falls back to


class Broker:
    """One port for the test itself, and one that asks for everything."""

    def __init__(self, folder: Path):
        self.plain, self.guarded = free_port(), free_port()
        passwords = folder / "passwords"
        program = "/usr/bin/mosquitto_passwd"
        run(program, "-b", "-c", str(passwords), "central", "right", folder=folder)
        passwords.chmod(0o644)
        settings = folder / "mosquitto.conf"
        settings.write_text(
            "per_listener_settings true\n"
            f"listener {self.plain} 127.0.0.1\nallow_anonymous true\n"
            f"listener {self.guarded} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            f"cafile {folder}/ca.pem\ncertfile {folder}/broker.pem\nkeyfile {folder}/broker.key\n"
            "require_certificate true\n",
            encoding="utf-8",
        )
        daemon = "/usr/sbin/mosquitto" if os.access("/usr/sbin/mosquitto", os.X_OK) else "mosquitto"
        self.process = subprocess.Popen([daemon, "-c", str(settings)], stderr=subprocess.DEVNULL)

    def publish(self) -> bool:
        command = ["mosquitto_pub", "-p", str(self.plain), "-t", f"{PREFIX}/event", "-q", "1", "-m", EVENT]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.folder.chmod(0o755)
        make_certificates(cls.folder)
        (cls.folder / "right").write_text("right\n", encoding="utf-8")
        (cls.folder / "wrong").write_text("wrong\n", encoding="utf-8")
        cls.broker = Broker(cls.folder)
        cls.addClassCleanup(cls.broker.stop)

    def options(self, without: tuple[str, ...] = (), **other: str) -> list[str]:
        values = {
            "ca": f"{self.folder}/ca.pem",
            "certificate": f"{self.folder}/client.pem",
            "key": f"{self.folder}/client.key",
            "user": "central",
            "password-file": f"{self.folder}/right",
        } | {name.replace("_", "-"): value for name, value in other.items()}
        return [word for name, value in values.items() if name not in without for word in (f"--{name}", value)]

    def outcome(self, options: list[str], awaited: str = "(?!)", host: str = "localhost") -> str:
        """`stored`, or all that the consumer has said of itself once that holds what is awaited, or it has ended."""
        with tempfile.TemporaryDirectory() as folder, open(f"{folder}/said", "w+", encoding="utf-8") as said:
            address = f"{host}:{self.broker.guarded}"
            command = [CONSUMER, "--broker", address, "--prefix", PREFIX, "--store", f"{folder}/events.db", *options]
            program = subprocess.Popen(command, stderr=said)
            words = ""
            try:
                end = time.monotonic() + PATIENCE
                while time.monotonic() < end and program.poll() is None and not re.search(awaited, words):
                    if self.broker.publish() and self.stored(f"{folder}/events.db"):
                        return "stored"
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        program.wait(timeout=0.05)
                    said.seek(0)
                    words = said.read()
                return words
            finally:
                program.send_signal(signal.SIGTERM)
                program.wait()

    @staticmethod
    def stored(path: str) -> bool:
        if not os.path.exists(path):
            return False
        with sqlite3.connect(path, timeout=10) as database:
            tables = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'event'").fetchone()
            return tables is not None and database.execute("SELECT bytes FROM event").fetchall() == [(EVENT.encode(),)]

    def check_refused(self, awaited: str, options: list[str], host: str = "localhost") -> None:
        self.assertRegex(self.outcome(options, awaited, host), awaited)

    def test_gets_in_with_authority_certificate_and_password(self):
        self.assertEqual(self.outcome(self.options()), "stored")

    def test_a_broker_of_another_authority_is_not_believed(self):
        self.check_refused("CERTIFICATE_VERIFY_FAILED", self.options(ca=f"{self.folder}/stranger.pem"))

    def test_a_certificate_for_another_host_is_not_believed(self):
        self.check_refused("CERTIFICATE_VERIFY_FAILED", self.options(), host="127.0.0.1")

    def test_a_wrong_password_is_told(self):
        self.check_refused("the broker refuses us", self.options(password_file=f"{self.folder}/wrong"))

    def test_a_broker_that_wants_a_certificate_gets_no_session_without_one(self):
        # OpenSSL has several words for it, and which ones come depends on who is faster.
        self.check_refused("CERTIFICATE_REQUIRED|EOF occurred|the connection ended|reset by peer",
                           self.options(without=("certificate", "key")))  # fmt: skip

    def test_half_of_what_belongs_together_is_refused_at_once(self):
        for without in (("key",), ("ca",), ("user",)):
            with self.subTest(without=without):
                self.check_refused("usage:", self.options(without=without))


if __name__ == "__main__":
    unittest.main()
