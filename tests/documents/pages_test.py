#!/usr/bin/python3
"""What the pages say can be done is done here. Usage: pages_test.py FOLDER_OF_PROGRAMS"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))
EXAMPLES = ("config/gate.yaml", "config/gate-two-lanes.yaml")
programs = ROOT / "build" / "release" / "bin"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)


def dead_links(page: Path, text: str) -> list[str]:
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    relative = (target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target))
    return [target for target in relative if target and not (page.parent / target).exists()]


def commands(text: str) -> list[list[str]]:
    """Every command of ours that a page names, in a block or in a sentence."""
    lines = [line.strip() for block in blocks(text, "sh") for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`((?:portcullis|script/)[^`\n]*)`", text)
    words = [re.split(r"\s+#|\s[|<>&]|\s\d?>", line)[0].removeprefix("sudo ").split() for line in lines]
    return [line for line in words if line and re.fullmatch(r"portcullis(d|-sign|-sim)?|script/\w+", line[0])]


def run(*command: object, **more: object) -> subprocess.CompletedProcess[str]:
    path = f"{programs}:{ROOT}/docs/central:/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": path}, **{"cwd": ROOT, **more},
    )


def misused(command: list[str]) -> str:
    """What is wrong with a command by what the program's own help says; empty when nothing is."""
    program, *arguments = command
    if program.startswith("script/"):
        if not os.access(ROOT / program, os.X_OK):
            return "no such script"
        return " ".join(word for word in arguments if word.startswith("--") and word not in text_of(ROOT / program))
    given = []
    for word in arguments:
        offered = run(program, *given, "--help").stdout.partition("Subcommands:")[2]
        if not offered:
            break  # what follows is no command of a command
        if not re.search(rf"^  {re.escape(word)} ", offered, re.M):
            if word.startswith("-"):
                break
            return f"{program} {' '.join(given)} has no {word}"
        given.append(word)
    said = run(program, *given, "--help")
    return " ".join(word for word in arguments if word.startswith("--") and word.split("=")[0] not in said.stdout)


class Pages(unittest.TestCase):
    def test_every_relative_link_leads_somewhere(self):
        for page in PAGES:
            with self.subTest(page.relative_to(ROOT)):
                self.assertEqual(dead_links(page, text_of(page)), [])

    def test_a_dead_link_is_found(self):
        text = "[a](docs/gone.md#x) [b](LICENSE) [c](https://x.example/y)"
        self.assertEqual(dead_links(ROOT / "README.md", text), ["docs/gone.md"])

    def test_every_command_is_one_that_there_is(self):
        named = [(page, command) for page in PAGES for command in commands(text_of(page))]
        self.assertGreater(len(named), 15)
        for page, command in named:
            with self.subTest(page=page.name, command=" ".join(command)):
                self.assertEqual(misused(command), "")

    def test_a_command_that_there_is_not_is_found(self):
        wrong = ("`portcullis chekc`, `portcullis check --efective`, `script/gone`, `script/demo --twice`, "
                 "`portcullis journal sow`, `portcullis journal show --plait`")  # fmt: skip
        self.assertEqual(len(commands(wrong)), 6)
        for command in commands(wrong):
            with self.subTest(command):
                self.assertNotEqual(misused(command), "")


class Settings(unittest.TestCase):
    def is_good(self, said: subprocess.CompletedProcess[str]) -> None:
        self.assertEqual((said.returncode, said.stderr), (0, ""))

    def is_good_elsewhere(self, text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "gate.yaml").write_text(text, encoding="utf-8")
            shutil.copy(ROOT / "config" / "policy.yaml", folder)
            shutil.copytree(ROOT / "config" / "profiles", Path(folder, "profiles"))
            self.is_good(run("portcullis", "check", f"{folder}/gate.yaml"))

    def test_the_shipped_settings_are_good_as_they_lie_there(self):
        for example in EXAMPLES:
            with self.subTest(example):
                self.is_good(run("portcullis", "check", example))

    def test_the_gate_of_the_readme_is_good(self):
        (gate,) = blocks(text_of(ROOT / "README.md"), "yaml")
        self.is_good_elsewhere(gate)

    def test_settings_printed_with_every_default_are_good(self):
        for example in EXAMPLES:
            with self.subTest(example):
                said = run("portcullis", "check", "--effective", example)
                self.is_good(said)
                self.is_good_elsewhere(said.stdout)


class Certificates(unittest.TestCase):
    def test_those_of_the_page_for_operations_prove_who_gate_and_broker_are(self):
        (block,) = blocks(text_of(ROOT / "docs" / "operations.md"), "bash")
        with tempfile.TemporaryDirectory() as folder:
            said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
            self.assertEqual(said.returncode, 0, said.stderr)
            for name in ("central.example", "gate-g07"):
                verify = ["openssl", "verify", "-x509_strict", "-auth_level", "2", "-CAfile", "ca.pem"]
                said = run(*verify, "-verify_hostname", name, f"{name}.pem", cwd=folder)
                self.assertEqual((said.returncode, said.stdout), (0, f"{name}.pem: OK\n"), said.stderr)
                said = run(*verify, "-verify_hostname", "evil.example", f"{name}.pem", cwd=folder)
                self.assertNotEqual(said.returncode, 0, "any name would do")
            text = text_of(ROOT / "config" / "gate.yaml")
            secured = "broker: mqtts://central.example, tls: { ca: ./ca.pem, certificate: ./gate-g07.pem, key: ./gate-g07.key }"
            Path(folder, "gate.yaml").write_text(re.sub(r"broker: [^,}]+", secured, text), encoding="utf-8")
            shutil.copy(ROOT / "config" / "policy.yaml", folder)
            shutil.copytree(ROOT / "config" / "profiles", Path(folder, "profiles"))
            said = run("portcullis", "check", f"{folder}/gate.yaml")
            self.assertEqual((said.returncode, said.stderr), (0, ""))
            self.assertNotIn("without a certificate", said.stdout)


class Orders(unittest.TestCase):
    def test_the_page_for_central_makes_two_batches_of_one_chain(self):
        with tempfile.TemporaryDirectory() as folder:
            for block in blocks(text_of(ROOT / "docs" / "central" / "orders.md"), "sh"):
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            for batch in ("batch-1.json", "batch-2.json"):
                self.assertIn("payloadType", Path(folder, batch).read_text(encoding="utf-8"))


    def test_the_page_of_a_gate_with_many_makes_a_snapshot_in_the_order_of_containers(self):
        with tempfile.TemporaryDirectory() as folder:
            for block in blocks(text_of(ROOT / "docs" / "orders.md"), "sh"):
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            head, first, second = Path(folder, "snapshot-2.jsonl").read_bytes().splitlines(keepends=True)
            payload = json.loads(base64.b64decode(json.loads(head)["payload"]))
            (chunk,) = payload["chunks"]
            self.assertEqual(chunk["sha256"], hashlib.sha256(first + second).hexdigest())
            self.assertEqual((chunk["bytes"], chunk["lines"]), (len(first + second), 2))
            self.assertEqual(json.loads(first)["revoked"], "declaration withdrawn")
            self.assertEqual(json.loads(second)["container"], "TCNU6417851")


class Rulesets(unittest.TestCase):
    def test_the_page_makes_a_ruleset_and_explains_a_passage_and_the_second_evaluator_says_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "config" / "rulesets" / "example.yaml", folder)
            shutil.copy(ROOT / "docs" / "central" / "examples" / "facts.json", folder)
            page = text_of(ROOT / "docs" / "ruleset.md")
            explaining = next(block for block in blocks(page, "console") if "explain --facts" in block).removeprefix("$ ")
            for block in [*blocks(page, "sh"), explaining]:
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            self.assertIn("rule Q01", said.stdout)
            self.assertIn("withheld", said.stdout)
            self.assertIn("signatures", Path(folder, "ruleset-1.json").read_text(encoding="utf-8"))
            second = run(ROOT / "docs" / "central" / "evaluate.py", "--ruleset", "payload.json", "facts.json", cwd=folder)
            self.assertEqual(json.loads(second.stdout)["outcome"], said.stdout.split(",")[0], second.stderr)


class Sampling(unittest.TestCase):
    def test_the_page_makes_seals_and_reveals_a_key(self):
        page = text_of(ROOT / "docs" / "sampling.md").replace("GATE_PUBLIC_KEY", f"{9:02x}" + "0" * 62)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("portcullis-sign", "keygen", "--out", "central.key", cwd=folder).returncode, 0)
            for block in blocks(page, "sh")[:3]:
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            self.assertIn("sampling_key", Path(folder, "g07-2026-12.json").read_text(encoding="utf-8"))
            self.assertIn("sampling_secret", Path(folder, "g07-2026-12.revealed").read_text(encoding="utf-8"))
            early = blocks(page, "sh")[2].replace("2027-01-02", "2026-12-31")
            refused = run("bash", "-euo", "pipefail", "-c", early, cwd=folder)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("in force until", refused.stderr)

    def test_the_examples_for_central_are_signed_and_changed_ones_are_not(self):
        with tempfile.TemporaryDirectory() as folder:
            run("portcullis-sign", "keygen", "--out", "central.key", cwd=folder)
            for command, name in ((("zone-result",), "zone_result"), (("passes", "sign"), "passes"), (("vehicles", "sign"), "vehicles")):
                example = ROOT / "docs" / "central" / "examples" / f"{name}.json"
                said = run("portcullis-sign", *command, "--key", "central.key", example, cwd=folder)
                self.assertIn(f"vnd.portcullis.{name}+json", said.stdout)
                Path(folder, "bad.json").write_text(example.read_text(encoding="utf-8").replace("xmht", "XMHT"), encoding="utf-8")
                refused = run("portcullis-sign", *command, "--key", "central.key", "bad.json", cwd=folder)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""))
                self.assertIn("/terminal", refused.stderr)


class Passes(unittest.TestCase):
    def test_the_page_makes_a_list_that_its_root_accepts(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "config" / "passes.yaml", folder)
            for block in [*blocks(text_of(ROOT / "docs" / "keys.md"), "sh")[:2], *blocks(text_of(ROOT / "docs" / "passes.md"), "sh")]:
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            self.assertIn("root 2: accepted", said.stdout)
            self.assertNotIn("闽", said.stdout + said.stderr)


class Vehicles(unittest.TestCase):
    def test_the_page_makes_a_list_that_its_root_accepts(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "config" / "vehicles.yaml", folder)
            for block in [*blocks(text_of(ROOT / "docs" / "keys.md"), "sh")[:2], *blocks(text_of(ROOT / "docs" / "weight.md"), "sh")]:
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            self.assertIn("root 2: accepted", said.stdout)
            self.assertNotIn("闽", said.stdout + said.stderr)


class Keys(unittest.TestCase):
    def test_the_ceremony_makes_two_roots_and_a_timestamp_that_they_accept(self):
        with tempfile.TemporaryDirectory() as folder:
            for block in blocks(text_of(ROOT / "docs" / "keys.md"), "sh"):
                said = run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
                self.assertEqual(said.returncode, 0, block + said.stderr)
            said = run("portcullis-sign", "inspect", "--root", "root-2.json", "timestamp-1.json", cwd=folder)
            self.assertIn("root 2: accepted", said.stdout)

    def test_what_the_ceremony_made_is_not_accepted_with_one_signature_or_when_it_is_over(self):
        with tempfile.TemporaryDirectory() as folder:
            for block in blocks(text_of(ROOT / "docs" / "keys.md"), "sh"):
                run("bash", "-euo", "pipefail", "-c", block, cwd=folder)
            for arguments in (["root-2.alice.json"], ["--at", "2028-01-01T00:00:00.000Z", "root-2.json"]):
                said = run("portcullis-sign", "inspect", "--root", "root-1.json", *arguments, cwd=folder)
                self.assertEqual(said.returncode, 1, said.stdout)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        programs = Path(sys.argv.pop(1)).resolve()
    unittest.main()
