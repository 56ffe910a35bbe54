#!/usr/bin/python3
"""Name servers that keep silent hold nothing up. Usage: dead_name_server_test.py FOLDER_OF_PROGRAMS

Runs in a network and mount namespace of its own, where 127.0.0.1 is the only name server; exit 77 where there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INSIDE = "PORTCULLIS_IN_OWN_NETWORK"
SKIPPED = 77
PATIENCE = 120  # seconds: only ever waited for when something is broken
ALLOWED = 30  # seconds that the mqtt worker may take for one piece of work (daemon/gate/gate.cpp)
BROKER_PORT = 1883
programs = ROOT / "build" / "release" / "bin"


class NameServer:
    """Answers `answers` questions with 127.0.0.1 (or that there is no such record), and none after them."""

    def __init__(self, answers: int):
        self.left = answers
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.socket.settimeout(0.1)
        self.open = True
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while self.open:
            try:
                question, client = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            self.asked += 1
            if self.left > 0:
                self.left -= 1
                self.socket.sendto(self.answer(question), client)

    @staticmethod
    def answer(question: bytes) -> bytes:
        end = question.index(b"\0", 12) + 5
        is_a = struct.unpack("!H", question[end - 4 : end - 2])[0] == 1
        record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + bytes([127, 0, 0, 1]) if is_a else b""
        return question[:2] + struct.pack("!HHHHH", 0x8180, 1, int(is_a), 0, 0) + question[12:end] + record

    def __enter__(self) -> NameServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False
        self.thread.join()
        self.socket.close()


class Gate:
    """The daemon with a broker by name and one by address."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        text = (ROOT / "config" / "gate.yaml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^state: .*\n", f"state: {folder}/state\ncontrol_socket: {folder}/control\n", text)
        brokers = f"broker: [mqtt://central.example:{BROKER_PORT}, mqtt://127.0.0.1:{BROKER_PORT}]"
        (folder / "gate.yaml").write_text(re.sub(r"broker: [^,}\s]+", brokers, text), encoding="utf-8")
        shutil.copy(ROOT / "config" / "policy.yaml", folder)
        self.fed_at: list[float] = []
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(folder / "notify"))
        threading.Thread(target=self.listen, daemon=True).start()
        with open(folder / "log", "wb") as log:
            self.daemon = subprocess.Popen(
                [programs / "portcullisd", "--settings", folder / "gate.yaml", "--profiles", ROOT / "config/profiles"],
                stdout=log, stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": str(folder / "notify"), **environment},
            )  # fmt: skip

    def listen(self) -> None:
        while message := self.notify.recv(4096):
            if b"WATCHDOG=1" in message:
                self.fed_at.append(time.monotonic())

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def says(self, words: str) -> bool:
        """Waits for a line of the log."""
        give_up = time.monotonic() + PATIENCE
        turn = threading.Event()
        while words not in self.log():
            if time.monotonic() > give_up or self.daemon.poll() is not None:
                return False
            turn.wait(timeout=0.1)
        return True

    def longest_silence(self) -> float:
        """Between two feedings of the watchdog, in seconds."""
        fed = [*self.fed_at, time.monotonic()]
        return max(after - before for before, after in zip(fed, fed[1:]))

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *_: object) -> None:
        self.daemon.kill()
        self.daemon.wait()
        self.notify.close()


class DeadNameServer(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="portcullis-names-"))
        (self.folder / "mosquitto.conf").write_text(
            f"listener {BROKER_PORT} 127.0.0.1\nallow_anonymous true\nuser root\n", encoding="utf-8"
        )
        self.broker = subprocess.Popen(
            ["/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def tearDown(self):
        self.broker.kill()
        self.broker.wait()
        shutil.rmtree(self.folder)

    def test_a_name_that_no_server_answers_for_is_left_for_the_next_broker(self):
        with NameServer(answers=0) as server, Gate(self.folder, {}) as gate:
            self.assertTrue(gate.says("cannot look up central.example"), gate.log())
            self.assertTrue(gate.says("uplink connected"), gate.log())
            self.assertIn(f"broker=mqtt://127.0.0.1:{BROKER_PORT}", gate.log())
            self.assertGreater(server.asked, 0)
            self.assertLess(gate.longest_silence(), ALLOWED)

    def test_a_name_server_that_dies_before_paho_asks_holds_no_worker_for_too_long(self):
        with NameServer(answers=2) as server, Gate(self.folder, {}) as gate:
            self.assertTrue(gate.says("uplink connected"), gate.log())
            self.assertGreater(server.asked, 2, "Paho asked nobody: this proves nothing")
            self.assertNotIn("makes no progress", gate.log())
            self.assertLess(gate.longest_silence(), ALLOWED)

    def test_without_the_bound_the_same_death_hangs_a_worker(self):
        """The negative control of the test above: the options of the resolver are what bounds it."""
        with NameServer(answers=2) as server, Gate(self.folder, {"RES_OPTIONS": "timeout:30 attempts:3"}) as gate:
            self.assertTrue(gate.says("a worker makes no progress"), gate.log())
            self.assertGreater(server.asked, 2)


def has_own_network() -> bool:
    """In the namespace: brings the loopback up, and lets 127.0.0.1 be the only name server."""
    folder = tempfile.mkdtemp(prefix="portcullis-resolv-")
    Path(folder, "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    Path(folder, "nsswitch.conf").write_text("hosts: files dns\n", encoding="utf-8")
    commands = [["ip", "link", "set", "lo", "up"]]
    commands += [["mount", "--bind", f"{folder}/{name}", f"/etc/{name}"] for name in ("resolv.conf", "nsswitch.conf")]
    done = all(subprocess.run(command, check=False).returncode == 0 for command in commands)
    return done


if __name__ == "__main__":
    if len(sys.argv) > 1:
        programs = Path(sys.argv[1]).resolve()
    if INSIDE not in os.environ:
        if subprocess.run(["unshare", "-Urnm", "true"], check=False).returncode != 0:
            print("no network namespace can be made here: nothing was tested")
            sys.exit(SKIPPED)
        own = ["unshare", "-Urnm", sys.executable, __file__, *sys.argv[1:]]
        sys.exit(subprocess.run(own, check=False, env={**os.environ, INSIDE: "yes"}).returncode)
    if not has_own_network():
        print("no name server of our own can be set here: nothing was tested")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
