#!/usr/bin/python3
"""Proves that each house rule fails on a tree that breaks it, and only there."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from rules import RULES  # noqa: E402
from source import Tree  # noqa: E402
from tidy import broken_rules  # noqa: E402

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n"
CLEAN = {
    "CHANGELOG.md": CHANGELOG,
    "daemon/core/time.hpp": "#pragma once\n#include <chrono>\n",
    "daemon/lane/lane.hpp": '#pragma once\n#include "core/time.hpp"\n',
    "daemon/lane/CMakeLists.txt": "portcullis_room(lane LINKS core)\n",
    "daemon/store/journal.cpp": '#include <sqlite3.h>\n\n#include "core/time.hpp"\n',
    "daemon/trust/chain.hpp": "#pragma once\n#include <sodium.h>\n",
    "tests/unit/lane/vehicle.hpp": "#pragma once\n",
    "simulators/central/consumer.cpp": '#include "core/time.hpp"\nvoid consume() {}\n',
    "config/profiles/adam.yaml": "inputs: 12\n",
    "tests/recordings/adam/start.log": "> 00\n",
    "script/wait": "#!/bin/sh\necho ready\n",
}


def long_function(lines: int) -> str:
    return "int f() {\n" + "    work();\n" * (lines - 2) + "}\n"


SWITCH = """enum class Colour { red, green };
int f(Colour c) {
    switch (c) {
        case Colour::red: { return 1; }
        default: return 0;
    }
}
"""

# rule: [(what is added to the clean tree, the file that the rule must name)]
BROKEN = {
    "own_arrows": [
        ({"daemon/core/a.hpp": '#pragma once\n#include "lane/lane.hpp"\n'}, "daemon/core/a.hpp"),
        ({"daemon/lane/a.cpp": '#include "trust/chain.hpp"\n'}, "daemon/lane/a.cpp"),
        ({"drivers/io/a.cpp": '#include "lane/lane.hpp"\n'}, "drivers/io/a.cpp"),
        ({"daemon/lane/a.cpp": '#include "../core/time.hpp"\n'}, "daemon/lane/a.cpp"),
    ],
    "room_is_known": [({"daemon/extra/a.cpp": "int a;\n"}, "daemon/extra/a.cpp"), ({"a.cpp": "int a;\n"}, "a.cpp")],
    "link_lines": [
        ({"daemon/core/CMakeLists.txt": "portcullis_room(core LINKS lane)\n"}, "daemon/core/CMakeLists.txt"),
        (
            {"drivers/io/CMakeLists.txt": "portcullis_room(drivers_io\n    LINKS core runtime lane\n    LIBRARIES modbus)\n"},
            "drivers/io/CMakeLists.txt",
        ),
        (
            {"simulators/central/CMakeLists.txt": "portcullis_room(simulators_central LINKS core trust)\n"},
            "simulators/central/CMakeLists.txt",
        ),
        (
            {"daemon/core/CMakeLists.txt": "portcullis_room(core LIBRARIES boost)\n"},
            "daemon/core/CMakeLists.txt",
        ),
        (
            {"daemon/gate/CMakeLists.txt": "portcullis_room(gate\n    LINKS core\n    LIBRARIES systemd sqlite\n    SOURCES a.cpp)\n"},
            "daemon/gate/CMakeLists.txt",
        ),
    ],
    "library_rooms": [
        ({"daemon/gate/a.cpp": "#include <sqlite3.h>\n"}, "daemon/gate/a.cpp"),
        ({"simulators/devices/io.cpp": "#include <modbus.h>\n"}, "simulators/devices/io.cpp"),
        ({"drivers/io/a.cpp": "#include <modbus/modbus.h>\n"}, "drivers/io/a.cpp"),
        ({"daemon/core/a.cpp": "#include <mutex>\n"}, "daemon/core/a.cpp"),
        ({"daemon/lane/a.cpp": "#include <unistd.h>\n"}, "daemon/lane/a.cpp"),
        ({"daemon/lane/a.cpp": "#include <boost/asio/post.hpp>\n"}, "daemon/lane/a.cpp"),
        ({"daemon/gate/a.cpp": "#include <curl/curl.h>\n"}, "daemon/gate/a.cpp"),
        ({"tests/unit/lane/a.cpp": "#include <catch2/catch.hpp>\n"}, "tests/unit/lane/a.cpp"),
    ],
    "central_is_independent": [
        (
            {
                "simulators/central/check.cpp": '#include "simulators/shared.hpp"\n',
                "simulators/shared.hpp": '#pragma once\n#include "trust/chain.hpp"\n',
            },
            "simulators/central/check.cpp",
        )
    ],
    "no_include_cycles": [
        (
            {
                "daemon/core/a.hpp": '#pragma once\n#include "core/b.hpp"\n',
                "daemon/core/b.hpp": '#pragma once\n#include "core/a.hpp"\n',
            },
            "daemon/core/a.hpp",
        )
    ],
    "clock_reads": [
        ({"daemon/gate/a.cpp": "auto t = std::chrono::steady_clock::now();\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "auto t = boost_clock::now();\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "auto t = std::time(nullptr);\n"}, "daemon/gate/a.cpp"),
        ({"simulators/a.cpp": "void f() { clock_gettime(CLOCK_MONOTONIC, &t); }\n"}, "simulators/a.cpp"),
        ({"daemon/gate/a.cpp": "auto t = std::clock();\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "auto t = clock();\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "auto* t = std::localtime(&now);\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "void f() { localtime_r(&now, &parts); }\n"}, "daemon/gate/a.cpp"),
    ],
    "threads": [
        ({"daemon/gate/a.cpp": "std::thread t;\n"}, "daemon/gate/a.cpp"),
        ({"drivers/io/a.cpp": "std::mutex m;\n"}, "drivers/io/a.cpp"),
        ({"simulators/a.cpp": "auto f = std::async(g);\n"}, "simulators/a.cpp"),
    ],
    "sleeps": [
        ({"tests/unit/a.cpp": "void f() { std::this_thread::sleep_for(1s); }\n"}, "tests/unit/a.cpp"),
        ({"simulators/a.cpp": "void f() { usleep(5); }\n"}, "simulators/a.cpp"),
        ({"simulators/a.cpp": "void f() { clock_nanosleep(CLOCK_MONOTONIC, 0, &t, nullptr); }\n"}, "simulators/a.cpp"),
        ({"tests/unit/a.cpp": "void f() { ::poll(nullptr, 0, 100); }\n"}, "tests/unit/a.cpp"),
        ({"tests/unit/a.cpp": "void f() { select(0, nullptr, nullptr, nullptr, &t); }\n"}, "tests/unit/a.cpp"),
        ({"tests/integration/a.py": "import time\ntime" + ".sleep(1)\n"}, "tests/integration/a.py"),
        ({"tests/integration/a.py": "await asyncio" + ".sleep(1)\n"}, "tests/integration/a.py"),
        ({"tests/integration/a.py": "from time" + " import monotonic, sleep\n"}, "tests/integration/a.py"),
        ({"tests/integration/a.py": "threading.Event()" + ".wait(3)\n"}, "tests/integration/a.py"),
        ({"tests/integration/a.py": "select.select(" + "[], [], [], 1)\n"}, "tests/integration/a.py"),
        ({"tests/fault/run": "#!/bin/sh\nsl" + "eep 2\n"}, "tests/fault/run"),
    ],
    "system_python": [
        ({"script/run": "#!/usr/bin/env python3\n"}, "script/run"),
        ({"tests/a.py": 'if __name__ == "__main__":\n    main()\n'}, "tests/a.py"),
    ],
    "no_default_over_enums": [({"daemon/gate/a.cpp": SWITCH}, "daemon/gate/a.cpp")],
    "file_sizes": [({"daemon/gate/a.cpp": "int a;\n" * 401}, "daemon/gate/a.cpp")],
    "function_sizes": [
        ({"daemon/gate/a.cpp": "namespace n {\n" + long_function(61) + "}\n"}, "daemon/gate/a.cpp"),
        ({"daemon/gate/a.cpp": "A::A(int a) : a_{a}, b_{1} {\n" + "    work();\n" * 60 + "}\n"}, "daemon/gate/a.cpp"),
        ({"tests/unit/a.cpp": 'TEST_CASE("a") {\n' + "    CHECK(work());\n" * 60 + "}\n"}, "tests/unit/a.cpp"),
    ],
    "header_guards": [({"daemon/core/a.hpp": "int a();\n"}, "daemon/core/a.hpp")],
    "left_overs": [({"daemon/core/a.cpp": "// TO" + "DO: later\n"}, "daemon/core/a.cpp")],
    "machine_paths": [
        ({"docs/a.md": "See /home/" + "wang/portcullis.\n"}, "docs/a.md"),
        ({"script/run": "#!/bin/sh\ncd {root}/daemon\n"}, "script/run"),
    ],
    "changelog_form": [
        ({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### News\n"}, "CHANGELOG.md"),
        ({"CHANGELOG.md": "# Changelog\n\n## 0.1.0\n"}, "CHANGELOG.md"),
    ],
    "profiles_have_recordings": [({"config/profiles/moxa.yaml": "inputs: 8\n"}, "config/profiles/moxa.yaml")],
}

# Code that looks like a breach and is none.
INNOCENT = {
    "daemon/gate/comment.cpp": '// std::mutex, sleep_for and steady_clock::now\nconst char* a = "std::thread t; // sleep(1)";\n',
    "tests/unit/lane/beside.cpp": '#include "vehicle.hpp"\n',
    "daemon/gate/commented_include.cpp": "// #include <sqlite3.h>\n",
    "daemon/gate/names.cpp": "void f(Clock& c) { c.time(); asleep(1); auto t = wall_time(0); }\n",
    "daemon/gate/accessors.cpp": "void f(Rig& rig) { rig.clock().now(); rig.poll(0, 1); auto& c = rig->clock(); }\n"
    "struct Rig { const Clock& clock() const; };\n",
    "drivers/io/waits.cpp": "void f(pollfd wait) { ::poll(&wait, 1, 100); select(9, &readable, nullptr, nullptr, &t); }\n",
    "script/waits.py": "#!/usr/bin/python3\nif not done.wait(9):\n    raise TimeoutError\n",
    "script/words.py": "NAMES = 1\n",
    "daemon/gate/separators.cpp": "constexpr int million = 1'000'000;\nint f() { return million; }\n",
    "daemon/gate/number_switch.cpp": "int f(int a) { switch (a) { case 1: return 1; default: return 0; } }\n",
    "daemon/gate/constants.cpp": SWITCH.replace("enum class Colour { red, green };", "struct Colour { static int red; };"),
    "daemon/gate/exact.cpp": long_function(60),
    "daemon/gate/many_functions.cpp": "int f() {\n    return 1;\n}\n\n" * 30,
    "daemon/gate/table.cpp": "constexpr int table[] = {\n" + "    1,\n" * 90 + "};\n",
    "daemon/gate/raw.cpp": 'const char* a = R"(\n"std::mutex m;\n)";\n',
}


class HouseRules(unittest.TestCase):
    def breaches(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text.replace("{root}", str(root)), encoding="utf-8")
            return broken_rules(Tree(root))

    def test_every_rule_has_a_broken_sample(self):
        self.assertEqual(set(BROKEN), {rule.__name__ for rule in RULES})

    def test_a_clean_tree_breaks_no_rule(self):
        self.assertEqual(self.breaches(CLEAN), [])

    def test_what_only_looks_like_a_breach_is_none(self):
        for path, text in INNOCENT.items():
            with self.subTest(path):
                self.assertEqual(self.breaches(CLEAN | {path: text}), [])

    def test_each_broken_sample_is_found_by_its_rule_alone(self):
        for rule, samples in BROKEN.items():
            for files, named in samples:
                with self.subTest(rule, files=list(files)):
                    found = self.breaches(CLEAN | files)
                    self.assertTrue(found, f"{rule} said nothing")
                    for breach in found:
                        self.assertTrue(breach.endswith(f"({rule})"), breach)
                    self.assertTrue(any(breach.startswith(named + ":") for breach in found), found)

    def test_an_exception_excuses_its_file_from_its_rule(self):
        files = {
            "tests/tidy/exceptions.txt": "# rule file reason\nclock_reads daemon/gate/a.cpp the only one\n",
            "daemon/gate/a.cpp": "auto t = steady_clock::now();\n",
        }
        self.assertEqual(self.breaches(CLEAN | files), [])

    def test_an_exception_that_excuses_nothing_is_a_breach(self):
        files = {
            "tests/tidy/exceptions.txt": "clock_reads daemon/gate/a.cpp the only one\n",
            "daemon/gate/a.cpp": "int a;\n",
        }
        self.assertIn("unused_exception", self.breaches(CLEAN | files)[0])


if __name__ == "__main__":
    unittest.main()
