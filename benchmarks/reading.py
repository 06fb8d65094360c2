"""Reading and profiling a 50 MB table against `pandas.read_csv` with the right arguments: `python -m benchmarks.reading`.

Prints wall time, CPU time and peak memory of both, each in a process of its own, and the ratios. Ask on an idle machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 500_000
REPEATS = 5


def write_table(path: Path) -> None:
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, ROWS),
            "size": rng.normal(80, 20, ROWS).round(2),
            "rooms": rng.integers(1, 7, ROWS),
            "city": rng.choice(["Oslo", "Bern", "Turin", "Lyon", "Amsterdam", "Barcelona"], ROWS),
            "smoker": rng.choice(["yes", "no"], ROWS),
            **{f"x{at}": rng.normal(size=ROWS).round(6) for at in range(7)},
            "when": pd.date_range("2020-01-01", periods=ROWS, freq="min").strftime("%Y-%m-%d %H:%M"),
            "price": rng.lognormal(8, 1, ROWS).round(2),
        }
    )
    frame.to_csv(path, index=False)


def measure(who: str, path: str) -> dict[str, float]:
    """Best of several runs in this process: seconds, CPU seconds, and the peak of memory over the idle process in MB."""
    import pandas as pd

    import tuning_core as tc
    from tuning_core.data.profile import profile

    profile(tc.read_table(b"a,b\n" + b"1,x\n2,y\n" * 10))
    idle = _peak()
    best = {"seconds": 1e9, "cpu": 1e9}
    for _ in range(REPEATS):
        begin, cpu = time.perf_counter(), time.process_time()
        if who == "pandas":
            pd.read_csv(path, parse_dates=["when"])
        else:
            profile(tc.read_table(path))
        best["seconds"] = min(best["seconds"], time.perf_counter() - begin)
        best["cpu"] = min(best["cpu"], time.process_time() - cpu)
        best.setdefault("memory", _peak() - idle)
    return best


def _peak() -> float:
    """Peak memory of this process in MB. On Linux not by getrusage, which counts what the parent had before the fork."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 2**10 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(path)
        size = path.stat().st_size / 2**20
        found = {}
        for who in ("pandas", "tunescope"):
            command = [sys.executable, "-m", "benchmarks.reading", who, str(path)]
            found[who] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    lines = [f"{size:.0f} MB, {ROWS:,} rows, 14 columns; best of {REPEATS}; peak memory over the idle process, in files"]
    for who, values in found.items():
        peak = values["memory"] / size
        lines.append(f"{who:10s} {values['seconds']:6.2f} s {values['cpu']:6.2f} s CPU {peak:6.1f} x memory")
    ratios = [found["tunescope"][key] / found["pandas"][key] for key in ("seconds", "cpu")]
    lines.append(f"{'ratio':10s} {ratios[0]:6.2f}   {ratios[1]:6.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2])) if len(sys.argv) == 3 else main())
