"""The house: which room may see which, and which room owns which library (one row a room, one row a library)."""

from __future__ import annotations

# An include goes from a row to a room that the row names, never back.
ARROWS = {
    "core": set(),
    "supervision": {"core"},
    "lane": {"core"},
    "runtime": {"core"},
    "settings": {"core"},
    "codec": {"core", "supervision"},
    "trust": {"core"},
    "store": {"core"},
    "uplink": {"core", "codec", "runtime"},
    "console": {"core", "codec", "runtime"},
    "drivers": {"core", "runtime"},
}
SHELL = {"gate", "main", "cli"}
OUTSIDE = {"simulators", "tests"}
ARROWS |= {room: set(ARROWS) | SHELL for room in SHELL}
ARROWS |= {room: set(ARROWS) | OUTSIDE for room in OUTSIDE}

# std only: they decide, and touch nothing.
PURE_ROOMS = {"core", "supervision", "lane"}
IMPURE_STD = {
    "condition_variable", "cstdio", "ctime", "filesystem", "fstream", "future", "iostream", "mutex", "random",
    "semaphore", "shared_mutex", "stop_token", "thread",
}

# The first row that fits an include decides. Folders are rooms or parts of them; "tests" and "simulators" are named
# where a test or simulator may speak to the library itself.
LIBRARIES = [
    ("modbus", ["drivers/transport", "tests"]),
    ("mqtt/", ["daemon/uplink", "simulators", "tests"]),
    ("MQTT", ["daemon/uplink"]),
    ("sqlite3.h", ["daemon/store", "simulators/record", "tests"]),
    ("yaml-cpp/", ["daemon/settings", "simulators", "tests"]),
    ("boost/json", ["daemon/codec", "drivers/http_push", "simulators", "tests"]),
    ("boost/beast", ["daemon/console", "drivers/http", "simulators", "tests"]),
    ("boost/asio", ["daemon/runtime", "daemon/uplink", "daemon/console", "daemon/gate", "daemon/main.cpp",
                    "daemon/cli", "drivers", "simulators", "tests"]),
    ("boost/", ["daemon/runtime", "daemon/uplink", "daemon/console", "daemon/gate", "daemon/main.cpp", "daemon/cli",
                "daemon/codec", "drivers", "simulators", "tests"]),
    ("sodium", ["daemon/trust", "simulators/central", "tests"]),
    ("openssl/", ["drivers/http", "simulators", "tests"]),
    ("spdlog/", ["daemon/runtime", "tests"]),
    ("fmt/", ["daemon", "drivers", "simulators", "tests"]),
    ("CLI/", ["daemon/main.cpp", "daemon/cli", "simulators", "tests"]),
    ("valijson/", ["tests"]),
    ("systemd/", ["daemon/gate", "daemon/runtime", "tests"]),
    ("catch2/", ["tests/support"]),
]

# What a link line calls a library, and the include whose row says where it belongs.
LINKED = {
    "boost": "boost/asio", "boost_json": "boost/json", "catch": "catch2/", "cli11": "CLI/", "fmt": "fmt/",
    "modbus": "modbus", "openssl": "openssl/", "paho": "mqtt/", "sodium": "sodium", "spdlog": "spdlog/",
    "sqlite": "sqlite3.h", "systemd": "systemd/", "valijson": "valijson/", "yaml": "yaml-cpp/",
}  # fmt: skip

CENTRAL = "simulators/central/"
NOT_FOR_CENTRAL = {"uplink", "store", "trust"}


def room_of(path: str) -> str | None:
    """The room of a file of ours, or nothing if it stands in none."""
    parts = path.split("/")
    if parts[0] in OUTSIDE | {"drivers"}:
        return parts[0]
    if parts[0] != "daemon" or len(parts) < 2:
        return None
    return "main" if len(parts) == 2 else parts[1]


def library_of(header: str):
    return next((row for row in LIBRARIES if header.startswith(row[0])), None)


def may_link(folder: str, library: str) -> bool:
    """Whether a room in `folder` holds a place where `library` belongs, or stands in one."""
    row = library_of(LINKED.get(library, library))
    places = row[1] if row else []
    return stands_in(folder, places) or any(stands_in(place, [folder]) for place in places)


def stands_in(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)
