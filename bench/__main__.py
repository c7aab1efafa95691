"""Run the measurements: python -m bench [--size 450000] [--only fan_out memory].

Writes a table of ratios for each part into docs/benchmarks.md, as soon as it is measured, and prints it. Ends
with 1 where a bar is missed.
"""

import argparse
import importlib
import shlex
import sys

from bench import scratch
from bench.measure import Row, section, write_section

SIZES = [10_000, 100_000]
ALL = ["fan_out", "claim_and_mark", "end_to_end", "effective", "memory", "search", "pages"]


def main() -> int:
    """Measure, print and write the table, and return 1 where a bar is not kept."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--size", nargs="+", type=int, default=SIZES, help="numbers of guardians, products, or agreements"
    )
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--no-report", action="store_true", help="print only, leave docs/benchmarks.md alone")
    chosen = parser.parse_args()
    command = ["python", "-m", "bench", "--size", *map(str, chosen.size)]
    missed = 0
    with scratch.cluster():
        for name in chosen.only:
            module = importlib.import_module(f"bench.{name}")
            rows: list[Row] = []
            for size in chosen.size:
                with scratch.database():
                    rows += module.run(size)
                print(f"{name} {size:,}: done", file=sys.stderr, flush=True)
            text = section(rows, shlex.join([*command, "--only", name]))
            print(f"## {name}\n\n{text}", flush=True)
            if not chosen.no_report:
                write_section(name, text, ALL)
            missed += sum(not row.is_kept for row in rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
