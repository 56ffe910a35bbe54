#!/usr/bin/python3
"""docs/devices.md, followed as it stands with the built programs. Usage: devices_page_test.py FOLDER_OF_PROGRAMS

Its files are written and its commands run, in order, in a folder of their own. The devices are simulated here: an E1210 that
answers function 2, and a card reader on a pty. Addresses of the page stand for theirs; the daemon is started where the page
restarts it.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import tty
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
programs = ROOT / "build" / "release" / "bin"
ENDPOINT = "192.0.2.20:502"
PORT = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"


def blocks(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^```(sh|yaml)\n(.*?)^```$", page, re.S | re.M)


class InputModule(threading.Thread):
    """Sixteen inputs behind function 2 of unit 1 and nothing else; the first changes twice a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.functions: set[int] = set()
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket):
        with connection:
            while len(head := connection.recv(7, socket.MSG_WAITALL)) == 7:
                pdu = connection.recv(int.from_bytes(head[4:6], "big") - 1, socket.MSG_WAITALL)
                if head[6] != 1:
                    continue  # another unit: silent
                self.functions.add(pdu[0])
                answer = self.answer(pdu)
                connection.sendall(head[:4] + (len(answer) + 1).to_bytes(2, "big") + head[6:] + answer)

    @staticmethod
    def answer(pdu: bytes) -> bytes:
        address, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        if pdu[0] != 2:
            return bytes([pdu[0] | 0x80, 1])
        if address + count > 16:
            return bytes([pdu[0] | 0x80, 2])
        bits = (int(time.monotonic() * 2) % 2) >> address
        return bytes([2, (count + 7) // 8]) + bits.to_bytes((count + 7) // 8, "little")


class CardReader(threading.Thread):
    """Somebody shows one card after the other."""

    def __init__(self):
        super().__init__(daemon=True)
        self.master, slave = pty.openpty()
        tty.setraw(self.master)
        self.keeper = slave
        self.path = os.ttyname(slave)
        self.start()

    def run(self):
        pace = threading.Event()  # never set: people need so long for the next card
        cards = [b"\x02C40017,ok\x03", b"\x02C318842,ok\x03", b"\x02Cnone,ok\x03", b"\x02C9,late\x03"]
        for number in range(10**6):
            os.write(self.master, cards[number % len(cards)])
            pace.wait(0.6)


def shim(path: Path, text: str):
    path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


class DevicesPage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="devices-page-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "etc"
        shutil.copytree(ROOT / "config", self.folder)
        self.state = Path(folder.name) / "state"
        self.state.mkdir()
        self.control = self.state / "control"
        self.bin = Path(folder.name) / "bin"
        self.bin.mkdir()
        self.log = Path(folder.name) / "daemon.log"
        self.module, self.cards = InputModule(), CardReader()
        self.daemon = None
        # `portcullis check` has no socket; `portcullis device` finds the daemon of this test.
        shim(self.bin / "portcullis", f'if [ "$1" = device ]; then shift; exec "{programs}/portcullis" device --socket '
             f'"{self.control}" "$@"; fi\nexec "{programs}/portcullis" "$@"\n')
        settings = self.folder / "gate.yaml"
        text = settings.read_text(encoding="utf-8").replace("/var/lib/portcullis", str(self.state))
        settings.write_text(text + f"control_socket: {self.control}\n", encoding="utf-8")

    def tearDown(self):
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(20)

    def here(self, text: str) -> str:
        endpoint = f"127.0.0.1:{self.module.listener.getsockname()[1]}"
        return text.replace(ENDPOINT, endpoint).replace(PORT, self.cards.path)

    def restart(self):
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen([programs / "portcullisd", "--settings", self.folder / "gate.yaml"],
                                           stdout=log, stderr=log)
        end = time.monotonic() + 30
        listed = ""
        while "yard online" not in re.sub(" +", " ", listed) and time.monotonic() < end and self.daemon.poll() is None:
            listed = subprocess.run([self.bin / "portcullis", "device", "list"], capture_output=True, text=True,
                                    check=False).stdout
        self.assertIn("online", listed, self.log.read_text(encoding="utf-8"))

    def sh(self, command: str) -> str:
        done = subprocess.run(["sh", "-e", "-c", command], cwd=self.folder, capture_output=True, text=True, check=False,
                              env=os.environ | {"PATH": f"{self.bin}:/usr/bin:/bin"})
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def write(self, text: str):
        first, rest = text.split("\n", 1)
        if under := re.fullmatch(r"# gate\.yaml, under (\w+):", first):
            settings = self.folder / "gate.yaml"
            lines = settings.read_text(encoding="utf-8").splitlines()
            at = next(i for i, line in enumerate(lines) if line.strip().startswith(under[1] + ":"))
            indent = re.match(" *", lines[at + 1])[0]
            lines[at + 1:at + 1] = [indent + line for line in rest.splitlines()]
            settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            name = re.fullmatch(r"# (profiles/[\w-]+\.yaml)", first)
            self.assertIsNotNone(name, first)
            (self.folder / name[1]).write_text(text, encoding="utf-8")

    def follow(self) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for language, block in blocks((ROOT / "docs/devices.md").read_text(encoding="utf-8")):
            if language == "yaml":
                self.write(self.here(block))
                continue
            for command in block.splitlines():
                if command == "sudo systemctl restart portcullisd":
                    self.restart()
                else:
                    said.setdefault(" ".join(command.split()[:3]), []).append(self.sh(self.here(command)))
        return said

    def test_the_page_takes_two_devices_from_nothing_to_proved_profiles(self):
        covered = " ".join(file.read_text(encoding="utf-8") for file in (ROOT / "config/profiles").glob("*.yaml"))
        self.assertNotIn("E1210\n", covered)  # no shipped profile is it
        said = self.follow()
        self.assertIn("unit 1 answers", said["portcullis device scan"][0])
        self.assertNotIn("unit 2", said["portcullis device scan"][0])
        self.assertIn("good: Moxa ioLogik E1210", said["portcullis device profile"][0])
        self.assertRegex(said["portcullis device list"][0], r"yard_inputs +moxa-iologik-e1210 +yard +online")
        watched = said["portcullis device watch"][0]
        self.assertIn("unit 1 read", watched)
        self.assertRegex(watched, "== +di0 on")
        self.assertIn("with its lanes again", said["portcullis device test"][0])
        self.assertIn("di0 on", said["portcullis device play"][0])
        self.assertIn("as expected", said["portcullis device profile"][1])
        learned = said["portcullis device learn"][0]
        self.assertTrue(learned.startswith("1. STX … lines that end with ETX"), learned)
        self.assertIn('begin: "02"', learned)
        self.assertIn("reading 40017", said["portcullis device play"][2])
        self.assertIn("as expected", said["portcullis device profile"][2])
        # Nothing but reads went to the module: 2 of the profile, and nothing of a scan that writes.
        self.assertEqual(self.module.functions, {2})

    def test_a_table_read_wrongly_is_seen(self):
        page = blocks((ROOT / "docs/devices.md").read_text(encoding="utf-8"))
        profile = next(block for language, block in page if language == "yaml")
        self.write(profile.replace("function: 2", "function: 7").replace("count:", "cuont:"))
        done = subprocess.run([programs / "portcullis", "device", "profile", "check", "profiles/moxa-iologik-e1210.yaml"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("moxa-iologik-e1210.yaml:9:13: inputs.function", done.stderr)
        self.assertIn("did you mean `count`?", done.stderr)


if __name__ == "__main__":
    programs = Path(sys.argv.pop(1)).resolve()
    unittest.main()
