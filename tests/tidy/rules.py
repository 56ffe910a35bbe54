"""The house rules. A rule yields (path, line, what is wrong); it has its row in RULES and its broken sample."""

from __future__ import annotations

import re

import rooms
from source import SourceFile, Tree

LARGEST_FILE = 400
LARGEST_FUNCTION = 60
STD_HEADER = re.compile(r"^[a-z_0-9]+$")
SYSTEM_HEADER = re.compile(r"^(?:sys|netinet|arpa|linux|net)/\w+\.h$|^\w+\.h$")


def own_arrows(tree: Tree):
    for file in tree.cpp:
        room = rooms.room_of(file.path)
        for include in (include for include in file.includes if include.own):
            target = tree.resolve(include.target, file.path)
            if target is None:
                yield file.path, include.line, f'"{include.target}" is no file beside it or below daemon/ or the root'
                continue
            other = rooms.room_of(target)
            if room is not None and other != room and other not in rooms.ARROWS.get(room, set()):
                yield file.path, include.line, f"{room} may not see {other} ({include.target})"


def room_is_known(tree: Tree):
    for file in tree.cpp:
        room = rooms.room_of(file.path)
        if room is None or room not in rooms.ARROWS:
            yield file.path, 1, "stands in no room of tests/tidy/rooms.py"


def targets_of(tree: Tree):
    """Each portcullis_room() and portcullis_program(): its file, its name, where it stands, its arguments."""
    call = re.compile(r"portcullis_(?:room|program)\(\s*([\w-]+)([^)]*)\)")
    for file in (file for file in tree.files if file.path.endswith("CMakeLists.txt")):
        for match in call.finditer(re.sub(r"#[^\n]*", "", file.text)):
            yield file, match


def words_after(keyword: str, arguments: str) -> list[str]:
    words = re.search(rf"\b{keyword}\b((?:\s+(?!LINKS\b|LIBRARIES\b|SOURCES\b)[\w-]+)*)", arguments)
    return words.group(1).split() if words else []


def link_lines(tree: Tree):
    room_of_target = {match.group(1): rooms.room_of(file.path) for file, match in targets_of(tree)}
    for file, match in targets_of(tree):
        room = rooms.room_of(file.path)
        for link in words_after("LINKS", match.group(2)):
            other = room_of_target.get(link, link)
            if room is not None and other != room and other not in rooms.ARROWS.get(room, set()):
                yield file.path, file.line_of(match.start()), f"{room} may not link {link}"
            if file.path.startswith(rooms.CENTRAL) and other in rooms.NOT_FOR_CENTRAL:
                yield file.path, file.line_of(match.start()), f"the central simulator may not link {link}"
        for library in words_after("LIBRARIES", match.group(2)):
            if not rooms.may_link(file.path.rpartition("/")[0], library):
                yield file.path, file.line_of(match.start()), f"{room} may not link the library {library}"


def library_rooms(tree: Tree):
    for file in tree.cpp:
        room = rooms.room_of(file.path)
        for include in (include for include in file.includes if not include.own):
            row = rooms.library_of(include.target)
            if row is not None and not rooms.stands_in(file.path, row[1]):
                yield file.path, include.line, f"<{include.target}> belongs to {', '.join(row[1])}"
            elif row is None and not STD_HEADER.match(include.target) and not SYSTEM_HEADER.match(include.target):
                yield file.path, include.line, f"<{include.target}> has no row in tests/tidy/rooms.py"
            elif room in rooms.PURE_ROOMS and (
                not STD_HEADER.match(include.target) or include.target in rooms.IMPURE_STD
            ):
                yield file.path, include.line, f"{room} decides and touches nothing: no <{include.target}>"


def central_is_independent(tree: Tree):
    for start in (file for file in tree.cpp if file.path.startswith(rooms.CENTRAL)):
        seen, waiting = {start.path}, [start.path]
        while waiting:
            path = waiting.pop()
            if rooms.room_of(path) in rooms.NOT_FOR_CENTRAL:
                yield start.path, 1, f"the central simulator reaches {path}; it shares no code with the gate's side"
            for target in own_targets(tree, path):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)


def own_targets(tree: Tree, path: str) -> list[str]:
    targets = [tree.resolve(include.target, path) for include in tree.by_path[path].includes if include.own]
    return [target for target in targets if target is not None]


def no_include_cycles(tree: Tree):
    done: set[str] = set()
    for start in tree.cpp:
        trail: list[str] = []
        stack = [(start.path, False)]
        while stack:
            path, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(path)
            elif path in trail:
                yield path, 1, "includes itself: " + " -> ".join([*trail[trail.index(path) :], path])
            elif path not in done:
                trail.append(path)
                stack.append((path, True))
                stack.extend((target, False) for target in own_targets(tree, path))


def matches(file: SourceFile, pattern: str, text: str | None = None):
    source = file.code if text is None else text
    for match in re.finditer(pattern, source):
        yield file.line_of(match.start()), match.group(0).strip()


def clock_reads(tree: Tree):
    words = r"\w*_clock::now\b|\b(?:gettimeofday|clock_gettime|timespec_get|(?:local|gm)time(?:_r)?)\b"
    calls = r"(?<![\w.>:])(?:std::|::)?(?:time\s*\(\s*(?:NULL|nullptr|0|&\w+)|clock\s*\()\s*\)(?!\s*const\b)"
    pattern = rf"{words}|{calls}"
    for file in tree.cpp:
        for line, text in matches(file, pattern):
            yield file.path, line, f"{text}: only daemon/runtime/clock.cpp reads a clock"


def threads(tree: Tree):
    words = "thread|jthread|mutex|recursive_mutex|shared_mutex|timed_mutex|async|condition_variable(?:_any)?"
    pattern = rf"\bstd::(?:{words})\b(?!::)|\bpthread_create\b"
    for file in (file for file in tree.cpp if rooms.room_of(file.path) != "tests"):
        for line, text in matches(file, pattern):
            yield file.path, line, f"{text}: threads meet in runtime's Worker only"


def sleeps(tree: Tree):
    nothing = r"(?:nullptr|NULL|0|\{\})"
    cpp = r"\bsleep_(?:for|until)\b|\busleep\b|\b(?:clock_)?nanosleep\b|(?<![\w.>])sleep\s*\("
    cpp += rf"|(?<![\w.>])p?poll\s*\(\s*{nothing}\s*,|(?<![\w.>])p?select\s*\(\s*0\s*,\s*{nothing}"
    script = r"\b(?:time|asyncio)\.sleep\b|\bEvent\(\)\.wait\(\s*[\w.]|\bselect\(\s*\[\],\s*\[\],\s*\[\]"
    script += r"|\bfrom (?:time|asyncio) import[^\n]*\bsleep\b|(?m:^|[;&|]|\bdo\b|\bthen\b)[ \t]*sleep\s+[\d.$]"
    for file in (file for file in tree.files if rooms.room_of(file.path) is not None):
        if file.is_cpp:
            found = matches(file, cpp)
        elif is_script(file):
            found = matches(file, script, file.text)
        else:
            continue
        for line, text in found:
            yield file.path, line, f"{text}: wait for a condition, not for a time"


def is_script(file: SourceFile) -> bool:
    return file.path.endswith((".py", ".sh")) or file.text.startswith("#!")


def system_python(tree: Tree):
    for file in tree.files:
        first = file.text.partition("\n")[0]
        program = file.path.endswith(".py") and re.search(r"(?m)^if __name__ == ", file.text)
        if (program or re.match(r"#!.*python", first)) and first != "#!/usr/bin/python3":
            yield file.path, 1, "a Python program starts with #!/usr/bin/python3, whatever the PATH finds first"


def no_default_over_enums(tree: Tree):
    enums = {name for file in tree.cpp for name in re.findall(r"\benum\s+(?:class\s+)?(\w+)", file.code)}
    for file in tree.cpp:
        for match in re.finditer(r"\bswitch\s*\([^{;]*\)\s*\{", file.code):
            body = body_of(file.code, match.end())
            cases = re.findall(r"\bcase\s+(?:\w+::)*(\w+)::\w+\s*:", body)
            if enums.intersection(cases) and re.search(r"\bdefault\s*:", body):
                yield file.path, file.line_of(match.start()), "a switch over an enum names every value: no default"


def body_of(code: str, start: int) -> str:
    """The code of the block that opens before `start`, without the blocks in it."""
    depth, body = 1, []
    for char in code[start:]:
        depth += (char == "{") - (char == "}")
        if depth == 0:
            break
        if depth == 1:
            body.append(char)
    return "".join(body)


def file_sizes(tree: Tree):
    for file in tree.files:
        if (file.is_cpp or is_script(file)) and file.lines > LARGEST_FILE:
            yield file.path, file.lines, f"{file.lines} lines, {LARGEST_FILE} are allowed: it has more than one job"


def function_sizes(tree: Tree):
    for file in tree.cpp:
        for function in file.functions:
            if function.lines > LARGEST_FUNCTION:
                yield file.path, function.line, f"{function.lines} lines in {function.name[:60]!r}, {LARGEST_FUNCTION} are allowed"


def header_guards(tree: Tree):
    for file in tree.cpp:
        if file.path.endswith(".hpp") and "#pragma once" not in file.code:
            yield file.path, 1, "no #pragma once"


def left_overs(tree: Tree):
    for file in (file for file in tree.files if file.is_cpp or is_script(file) or file.path.endswith("CMakeLists.txt")):
        for line, text in matches(file, r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b", file.text):
            yield file.path, line, f"{text}: do it, or open an issue"


def machine_paths(tree: Tree):
    ordinary = {"usr", "opt", "tmp", "home", "srv", "var", "mnt", "media", "root", "etc", "run"}
    top = tree.root.parts[1] if len(tree.root.parts) > 1 else "usr"
    patterns = [r"/home/[a-z][\w-]*/"] + ([] if top in ordinary else [rf"(?<![\w.*-])/{re.escape(top)}/"])
    patterns += [re.escape(str(tree.root)) + r"\b"]
    for file in (file for file in tree.files if file.is_text):
        for line, text in matches(file, "|".join(patterns), file.text):
            yield file.path, line, f"{text}: a path of somebody's machine"


def changelog_form(tree: Tree):
    file = tree.by_path.get("CHANGELOG.md")
    if file is None:
        yield "CHANGELOG.md", 1, "there is none"
        return
    allowed = (
        r"# Changelog",
        r"## \[Unreleased\]",
        r"## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}",
        r"### (?:Added|Changed|Deprecated|Removed|Fixed|Security)",
    )
    if not file.text.startswith("# Changelog\n") or "## [" not in file.text:
        yield file.path, 1, "starts with '# Changelog' and has a version"
    for number, line in enumerate(file.text.splitlines(), 1):
        if line.startswith("#") and not any(re.fullmatch(form, line) for form in allowed):
            yield file.path, number, f"{line!r} is no heading of Keep a Changelog"


def profiles_have_recordings(tree: Tree):
    for file in tree.files:
        match = re.fullmatch(r"config/profiles/([^/]+)\.ya?ml", file.path)
        if match and not any(re.match(rf"tests/recordings/{re.escape(match.group(1))}[./]", path) for path in tree.by_path):
            yield file.path, 1, f"no recording: tests/recordings/{match.group(1)}/"


RULES = [
    own_arrows, room_is_known, link_lines, library_rooms, central_is_independent, no_include_cycles, clock_reads, threads,
    sleeps, system_python, no_default_over_enums, file_sizes, function_sizes, header_guards, left_overs, machine_paths, changelog_form,
    profiles_have_recordings,
]  # fmt: skip
