"""The attack on the walk at any length: random trees, random inputs, hostile programs, balls.

    python -m benchmarks.walk_property [--trees 10000] [--inputs 1000] [--seed 0]

Prints for every promise how much of its bounds the programs used, and every counterexample. Exit
code 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.evaluate.attack import Score, attack
from tests.evaluate.attacked import TARGETS
from tests.evaluate.trees import grow


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trees", type=int, default=10_000)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    total = Score()
    for k in range(options.trees):
        seed = options.seed + k
        attack(grow(seed), TARGETS[k % len(TARGETS)], options.inputs, seed, total)
    seconds = time.perf_counter() - start
    print(f"{'promise':48}{'worst error / bound':>20}")
    for target in TARGETS:
        print(f"{target.name:48}{total.worst.get(target.name, 0.0):>20.6f}")
    print(
        f"{total.trees:,} trees, {total.inputs:,} inputs ({total.out_of_range:,} out of range), "
        f"{total.judged:,} results judged ({total.exact:,} with a bound of 0, {total.balls:,} by "
        f"balls), {total.unbounded:,} without a bound; {seconds:.1f} s"
    )
    print("nodes: " + ", ".join(f"{kind} {count:,}" for kind, count in total.kinds.most_common()))
    for found in total.found:
        print(found)
    print(f"{len(total.found)} counterexamples")
    return 1 if total.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
