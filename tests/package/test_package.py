#!/usr/bin/python3
"""What an installation holds, and how tightly its service is closed. Usage: test_package.py BUILD_FOLDER"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
UNIT = ROOT / "systemd" / "portcullisd.service"
LARGEST_EXPOSURE = 15  # tenths: 1.5
# docs/architecture.md, runtime/worker.hpp
THREADS = {"portcullisd", "journal", "orders", "snapshots", "documents", "evidence", "mqtt", "bus field"}
DEADLINE = 60  # seconds: only ever waited for when something is broken
build = ROOT / "build" / "release"


def exposure_is_accepted(unit: Path) -> bool:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={LARGEST_EXPOSURE}", unit]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


class Service(unittest.TestCase):
    def setUp(self):
        self.text = UNIT.read_text(encoding="utf-8")

    def test_its_exposure_is_at_most_1_5(self):
        self.assertTrue(exposure_is_accepted(UNIT))

    def test_the_exposure_check_refuses_a_looser_unit(self):
        with tempfile.TemporaryDirectory() as folder:
            loose = Path(folder) / UNIT.name
            loose.write_text(self.text.replace("ProtectSystem=strict\n", "").replace("NoNewPrivileges=yes\n", ""))
            self.assertFalse(exposure_is_accepted(loose))

    def test_it_keeps_what_the_daemon_needs(self):
        for line in (
            "Type=notify",
            "Restart=always",
            "StartLimitIntervalSec=0",
            "LimitNOFILE=1024",
            "MemoryMax=1G",
            "StateDirectory=portcullis",
            "RuntimeDirectory=portcullis",
            "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
            "DeviceAllow=char-ttyUSB rw",
        ):
            with self.subTest(line):
                self.assertIn(line + "\n", self.text)
        self.assertRegex(self.text, r"(?m)^WatchdogSec=\d+s$")


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls.folder.name)
        command = ["cmake", "--install", build, "--prefix", "/usr"]
        subprocess.run(command, env=environment(cls.root), check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_it_holds_what_a_service_expects(self):
        for path in (
            "usr/bin/portcullisd",
            "usr/bin/portcullis",
            "usr/bin/portcullis-sign",
            "usr/lib/systemd/system/portcullisd.service",
            "usr/lib/sysusers.d/portcullis.conf",
            "usr/share/portcullis/profiles/advantech-adam-6050.yaml",
            "usr/share/portcullis/gate.schema.json",
            "usr/share/portcullis/policy.yaml",
            "usr/share/doc/portcullis/README.md",
            "usr/share/doc/portcullis/LICENSE",
        ):
            with self.subTest(path):
                self.assertTrue((self.root / path).is_file())

    def test_the_unit_starts_an_installed_program(self):
        unit = (self.root / "usr/lib/systemd/system/portcullisd.service").read_text(encoding="utf-8")
        program = re.search(r"(?m)^ExecStart=/(\S+)", unit).group(1)
        self.assertTrue((self.root / program).is_file(), program)

    def test_the_unit_calls_the_program_as_it_wants_to_be_called(self):
        arguments = re.search(r"(?m)^ExecStart=/\S+ (.*)$", UNIT.read_text(encoding="utf-8")).group(1).split()
        arguments = [argument.replace("/etc/", "/nowhere/") for argument in arguments]
        command = [self.root / "usr/bin/portcullisd", *arguments]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 1, "bad settings, not bad usage: " + said.stderr)
        self.assertIn("/nowhere/portcullis/gate.yaml", said.stderr)

    def test_it_finds_its_profiles_below_any_prefix(self):
        with Site(self.root) as site:
            said = site.run("portcullis", "check", site.settings)
            self.assertEqual(said.returncode, 0, said.stderr)
            self.assertIn("good: 1 lane", said.stdout)

    def test_the_daemon_runs_the_installed_settings_and_stops_when_told(self):
        with Site(self.root) as site, ServiceManager(site.folder) as manager:
            daemon = site.start(manager)
            try:
                self.assertTrue(manager.hears("READY=1"), "no READY=1")
                said = site.run("portcullis", "status", "--socket", site.socket)
                self.assertEqual(said.returncode, 0, said.stderr)
                self.assertIn("lane out-1", said.stdout)
                self.assertEqual(threads_of(daemon.pid), THREADS)
            finally:
                daemon.terminate()
                self.assertTrue(manager.hears("STATUS=stopping"), "no STATUS=stopping")
                self.assertEqual(daemon.wait(timeout=DEADLINE), 0)

    def test_a_control_socket_that_cannot_be_opened_ends_the_start_before_anything_moves(self):
        with Site(self.root) as site, ServiceManager(site.folder) as manager:
            text = site.settings.read_text(encoding="utf-8")
            site.settings.write_text(text.replace(str(site.socket), "/nonexistent/control"), encoding="utf-8")
            daemon = site.start(manager)
            self.assertEqual(daemon.wait(timeout=DEADLINE), 3)
            self.assertIn("cannot listen at /nonexistent/control", (site.folder / "log").read_text(encoding="utf-8"))

    def test_status_does_not_wait_for_a_daemon_that_stands_still(self):
        with Site(self.root) as site, ServiceManager(site.folder) as manager:
            daemon = site.start(manager)
            try:
                self.assertTrue(manager.hears("READY=1"), "no READY=1")
                daemon.send_signal(signal.SIGSTOP)
                said = site.run("portcullis", "status", "--socket", site.socket)
                self.assertEqual(said.returncode, 1)
                self.assertIn("keeps silent", said.stderr)
            finally:
                daemon.kill()
                daemon.wait(timeout=DEADLINE)

    def test_every_installed_program_says_its_version(self):
        for program in sorted((self.root / "usr/bin").iterdir()):
            with self.subTest(program.name):
                said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
                self.assertIn("0.1.0", said.stdout)

    def test_the_page_makes_a_service_of_it(self):
        page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
        install, credentials = re.findall(r"^```sh\n(.*?)^```$", page, re.S | re.M)
        with tempfile.TemporaryDirectory() as folder:
            box = Box(Path(folder), self.root)
            box.does(install)
            self.assertIn("portcullis:x:", (box.root / "etc/passwd").read_text(encoding="utf-8"))
            self.assertRegex((box.root / "etc/group").read_text(encoding="utf-8"), r"(?m)^dialout:.*\bportcullis$")
            self.assertTrue((box.root / "usr/lib/systemd/system/portcullisd.service").is_file())
            self.assertIn("systemctl enable --now portcullisd", box.asked())
            settings = box.root / "etc/portcullis/gate.yaml"
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace("required: true", "required: true, credentials: supervision"))
            self.assertNotEqual(box.check().returncode, 0)
            box.does(credentials)
            self.assertEqual(box.check().returncode, 0, box.check().stderr)
            unit = box.root / "etc/systemd/system/portcullisd.service.d/credentials.conf"
            self.assertEqual(unit.read_text(encoding="utf-8").splitlines()[0], "[Service]")

    def test_it_leaves_nothing_outside_its_places(self):
        tops = {path.relative_to(self.root).parts[0] for path in self.root.rglob("*") if path.is_file()}
        self.assertLessEqual(tops, {"usr", "etc"})


def threads_of(process: int) -> set[str]:
    """Our threads by name; Paho's own and look-ups of a broker's name come and go."""
    names = {file.read_text().strip() for file in Path(f"/proc/{process}/task").glob("*/comm")}
    return {name for name in names if name != "names" and not name.startswith("MQTTAsync")}


class Site:
    """A technician's copy of the installed settings, whose state and control socket stand in its own folder."""

    def __init__(self, root: Path):
        self.root = root

    def __enter__(self) -> Site:
        self.folder = Path(tempfile.mkdtemp(prefix="portcullis-"))
        self.settings = self.folder / "gate.yaml"
        self.socket = self.folder / "control"
        shipped = self.root / "usr/share/portcullis"
        text = (shipped / "gate.yaml").read_text(encoding="utf-8")
        state = f"state: {self.folder}/state\ncontrol_socket: {self.socket}\n"
        self.settings.write_text(re.sub(r"(?m)^state: .*\n", state, text), encoding="utf-8")
        shutil.copy(shipped / "policy.yaml", self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    def run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [self.root / "usr/bin" / program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=DEADLINE)

    def start(self, manager: ServiceManager) -> subprocess.Popen[bytes]:
        command = [self.root / "usr/bin/portcullisd", "--settings", self.settings]
        told = {"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": str(manager.path)}
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(command, env=told, stderr=log)


class Box:
    """A gate's box whose /usr, /etc and accounts stand in a folder; what would need a running systemd is only noted."""

    def __init__(self, folder: Path, installed: Path):
        self.root = folder / "root"
        self.tools = folder / "tools"
        self.notes = folder / "asked"
        shutil.copytree(installed, self.root)
        self.tools.mkdir()
        for name in ("cmake", "systemctl", "usermod", "editor"):
            self.tool(name, f'echo "{name} $*" >> {self.notes}')
        self.tool("sudo", 'exec "$@"')
        self.tool("systemd-sysusers", f"exec /usr/bin/systemd-sysusers --root={self.root} 2>> {self.notes}")

    def tool(self, name: str, does: str) -> None:
        (self.tools / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (self.tools / name).chmod(0o755)

    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.tools}:{self.root}/usr/bin:/usr/bin:/bin", "USER": "technician"}

    def does(self, commands: str) -> None:
        here = re.sub(r"(?<![\w.])/(etc|usr)/", rf"{self.root}/\1/", commands)
        command = ["bash", "-euo", "pipefail", "-c", here]
        subprocess.run(command, env=self.environment(), check=True, stdout=subprocess.DEVNULL)

    def asked(self) -> list[str]:
        return self.notes.read_text(encoding="utf-8").splitlines()

    def check(self) -> subprocess.CompletedProcess[str]:
        command = ["portcullis", "check", self.root / "etc/portcullis/gate.yaml"]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)


class ServiceManager:
    """What systemd listens to."""

    def __init__(self, folder: Path):
        self.path = folder / "notify"

    def __enter__(self) -> ServiceManager:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.socket.settimeout(DEADLINE)
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def hears(self, word: str) -> bool:
        """Whether a message with that line comes; the watchdog's own come all the time, and end with the daemon."""
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            try:
                if word in self.socket.recv(4096).decode().splitlines():
                    return True
            except TimeoutError:
                return False
        return False


def environment(destination: Path) -> dict[str, str]:
    return {"DESTDIR": str(destination), "PATH": "/usr/local/bin:/usr/bin:/bin"}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build = Path(sys.argv.pop(1)).resolve()
    unittest.main()
