"""Run the measurements: python -m bench [--size 450000] [--only fan_out memory].

Prints a table of ratios and writes it into docs/benchmarks.md. Ends with 1 where a bar is missed.
"""

import argparse
import importlib
import shlex
import sys

from bench import scratch
from bench.measure import Row, write_report

SIZES = [10_000, 100_000]
ALL = ["fan_out", "claim_and_mark", "end_to_end", "effective", "memory", "search"]


def main() -> int:
    """Measure, print and write the table, and return 1 where a bar is not kept."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--size", nargs="+", type=int, default=SIZES, help="numbers of guardians, or of products"
    )
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--no-report", action="store_true", help="print only, leave docs/benchmarks.md alone")
    chosen = parser.parse_args()
    rows: list[Row] = []
    with scratch.cluster():
        for name in chosen.only:
            module = importlib.import_module(f"bench.{name}")
            for size in chosen.size:
                with scratch.database():
                    rows += module.run(size)
                print(f"{name} {size:,}: done", file=sys.stderr, flush=True)
    print(
        write_report(rows, shlex.join(["python", "-m", "bench", *sys.argv[1:]]), write=not chosen.no_report)
    )
    return 0 if all(row.is_kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
