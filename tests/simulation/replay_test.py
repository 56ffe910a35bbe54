#!/usr/bin/python3
"""The same seeds give the same traces in two processes whose memory looks different (design.md 10, invariant 10)."""
import os
import subprocess
import sys

SEEDS = (1, 40)


def hashes(program, first, last, memory):
    """One line a seed; `memory` is the byte that glibc leaves in what is allocated and freed."""
    command = [program, "--hashes", f"{first}..{last}"]
    environment = {**os.environ, "MALLOC_PERTURB_": memory}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()


def main():
    program = sys.argv[1]
    first, last = SEEDS
    together = hashes(program, first, last, "85")
    # The other way round and each alone: what one seed leaves behind must not reach the next.
    alone = [line for seed in range(last, first - 1, -1) for line in hashes(program, seed, seed, "170")]
    alone.reverse()
    differ = [f"seed {a}, elsewhere {b}" for a, b in zip(together, alone) if a != b]
    if differ or len(together) != last - first + 1 or len(alone) != len(together):
        sys.exit("another trace in another process:\n" + "\n".join(differ))
    if len({line.split()[1] for line in together}) != len(together):
        sys.exit("two seeds have the same trace: the hash tells nothing")


if __name__ == "__main__":
    main()
