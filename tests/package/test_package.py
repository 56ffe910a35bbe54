#!/usr/bin/python3
"""What an installation holds, and how tightly its service is closed. Usage: test_package.py BUILD_FOLDER"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
UNIT = ROOT / "systemd" / "portcullisd.service"
LARGEST_EXPOSURE = 15  # tenths: 1.5
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
        said = subprocess.run([self.root / "usr/bin/portcullisd", *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 1, "bad settings, not bad usage: " + said.stderr)
        self.assertIn("/nowhere/portcullis/gate.yaml", said.stderr)

    def test_every_installed_program_says_its_version(self):
        for program in sorted((self.root / "usr/bin").iterdir()):
            with self.subTest(program.name):
                said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
                self.assertIn("0.1.0", said.stdout)

    def test_it_leaves_nothing_outside_its_places(self):
        tops = {path.relative_to(self.root).parts[0] for path in self.root.rglob("*") if path.is_file()}
        self.assertLessEqual(tops, {"usr", "etc"})


def environment(destination: Path) -> dict[str, str]:
    return {"DESTDIR": str(destination), "PATH": "/usr/local/bin:/usr/bin:/bin"}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build = Path(sys.argv.pop(1)).resolve()
    unittest.main()
