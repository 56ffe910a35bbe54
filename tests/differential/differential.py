#!/usr/bin/python3
"""Our evaluator and that of docs/central decide the same random passages: how many verdicts differ.
Usage: differential.py FOLDER_OF_PROGRAMS [--cases N] [--seed N] [--show N]

A verdict differs when its outcome, zone, methods, any reason or its place, notes, states, classes, draws or claims do.
The control is the same with one predicate wrong on purpose: it must be found, or the passages ask nothing.
In the same way each predicate is turned round once."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "docs" / "central"))
import evaluate  # noqa: E402
import evaluate_passes  # noqa: E402
import evaluate_predicates  # noqa: E402
from random_passages import Source  # noqa: E402
from random_twins import with_twins  # noqa: E402

PASSAGES_A_RULESET = 5
missed = False


def figure(name: str, value: int, aim: str, n: int) -> None:
    global missed
    print(json.dumps({"figure": name, "value": value, "unit": "count", "aim": aim, "n": n}), flush=True)
    bound = float(aim.lstrip("<>="))
    missed = missed or (value > bound if aim.startswith("<") else value < bound)


def decided(program: str, pairs: list[dict]) -> list[dict]:
    """Ours, one a passage."""
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        def feed() -> None:
            for pair in pairs:
                process.stdin.write(json.dumps(pair, ensure_ascii=False) + "\n")
            process.stdin.close()

        feeder = threading.Thread(target=feed)
        feeder.start()
        lines = [json.loads(line) for line in process.stdout]
        feeder.join()
    if process.returncode != 0:
        sys.exit(f"{program} ended with {process.returncode}")
    return lines


def differences(pairs: list[dict], ours: list[dict], show: int) -> int:
    count, place = 0, iter(ours)
    for pair in pairs:
        for facts in pair["facts"]:
            mine = next(place)
            if "refused" in mine:
                sys.exit(f"refused: {mine['refused']}\n{json.dumps({'ruleset': pair['ruleset'], 'facts': facts}, ensure_ascii=False)}")
            theirs = evaluate.evaluate(pair["ruleset"], facts)
            if mine == theirs:
                continue
            count += 1
            if count <= show:
                parts = {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}
                print(json.dumps({"differs": parts, "ruleset": pair["ruleset"], "facts": facts}, ensure_ascii=False), file=sys.stderr)
    return count


def control(pairs: list[dict], ours: list[dict]) -> int:
    """The same with a predicate that takes an end of its range as outside."""
    right = evaluate_predicates.in_range
    evaluate_predicates.in_range = lambda number, row: right(None if number is None else number + 1, row)
    try:
        return differences(pairs, ours, 0)
    finally:
        evaluate_predicates.in_range = right


def passes_control(pairs: list[dict], ours: list[dict]) -> int:
    """The same with passes that still hold in the moment in which they end."""
    right = evaluate_passes.known_before
    evaluate_passes.known_before = lambda passage, moment: right(passage, moment + 1)
    try:
        return differences(pairs, ours, 0)
    finally:
        evaluate_passes.known_before = right


def naming(pairs: list[dict], ours: list[dict], kind: str) -> tuple[list[dict], list[dict]]:
    """The pairs whose rules ask it, with our verdicts."""
    chosen, verdicts = [], []
    for place, pair in enumerate(pairs):
        if f'"{kind}":' in json.dumps(pair["ruleset"]["rules"]):
            chosen.append(pair)
            verdicts += ours[place * PASSAGES_A_RULESET : (place + 1) * PASSAGES_A_RULESET]
    return chosen, verdicts


def proved(pairs: list[dict], ours: list[dict]) -> list[str]:
    """The predicates that are missed when they alone say the contrary: only these do the passages ask."""
    missing = []
    for kind, right in list(evaluate_predicates.PREDICATES.items()):
        evaluate_predicates.PREDICATES[kind] = lambda *facts, right=right: evaluate_predicates.negated(right(*facts))
        try:
            if differences(*naming(pairs, ours, kind), 0) == 0:
                missing.append(kind)
        finally:
            evaluate_predicates.PREDICATES[kind] = right
    if missing:
        print(f"turned round, and not found: {' '.join(missing)}", file=sys.stderr)
    return [kind for kind in evaluate_predicates.PREDICATES if kind not in missing]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=Path)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    program = str(options.programs / "differential_decide")
    done = differing = found = turned = passed = 0
    while done < options.cases:
        # Each lot has a seed of its own: a disagreement is found again by it alone.
        source = Source(options.seed + done)
        pairs = [with_twins(source, source.pair(PASSAGES_A_RULESET)) for _ in range(1000)]
        ours = decided(program, pairs)
        differing += differences(pairs, ours, options.show - differing)
        if done == 0:
            found, turned, passed = control(pairs, ours), len(proved(pairs, ours)), passes_control(pairs, ours)
        done += len(ours)
    figure("supervision.differential_cases", done, f">={options.cases}", done)
    figure("supervision.differential_disagreements", differing, "<=0", done)
    figure("supervision.differential_control", found, ">=1", PASSAGES_A_RULESET * 1000)
    figure("supervision.differential_passes_control", passed, ">=1", PASSAGES_A_RULESET * 1000)
    predicates = len(evaluate_predicates.PREDICATES)
    figure("supervision.differential_predicates_proved", turned, f">={predicates}", PASSAGES_A_RULESET * 1000)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
