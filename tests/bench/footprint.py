#!/usr/bin/python3
"""What an agent and its aggregator cost a host while nothing happens: memory, wake-ups, CPU. Starts
both as script/server does, with the usual times, and looks at them for a while; besides them at the
agents of Zabbix and Icinga where they run. Prints figures, judges nothing.

    tests/bench/footprint.py --programs build/package/programs/usr/bin --seconds 600
"""

import argparse
import pathlib
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

import demo  # noqa: E402: its folder is only known now

OTHERS = ("zabbix_agentd", "zabbix_agent2", "icinga2")
SETTLE_SECONDS = 5  # what is done once after the start


def processes_named(names):
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text().strip()
        except OSError:
            continue  # it has ended
        if name in names:
            yield name, int(folder.name)


def memory_kib(pid):
    """Rss, private and shared memory, as the kernel counts them (smaps_rollup), in KiB."""
    rows = (line.split() for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    kib = {row[0].rstrip(":"): int(row[1]) for row in rows if row[-1] == "kB"}
    return {
        "rss": kib["Rss"],
        "private dirty": kib["Private_Dirty"],
        "private": kib["Private_Dirty"] + kib["Private_Clean"],
        "shared": kib["Shared_Clean"] + kib["Shared_Dirty"],
    }


def wake_ups(pid):
    """How often any of its threads was put on a processor after it had waited."""
    count = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        rows = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        count += int(rows["voluntary_ctxt_switches"])
    return count


def cpu_seconds(pid):
    """On a processor, of all its threads; to the nanosecond, where /proc/PID/stat knows ticks."""
    stats = pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(stat.read_text().split()[0]) for stat in stats) / 1e9


def watch(pids, seconds):
    """pids: by name, several where a program forks; yields a row of figures for each name."""
    before = {pid: (wake_ups(pid), cpu_seconds(pid)) for group in pids.values() for pid in group}
    time.sleep(seconds)
    for name, group in pids.items():
        memory = [memory_kib(pid) for pid in group]
        row = {key: sum(one[key] for one in memory) for key in memory[0]}
        row["wake-ups/min"] = sum(wake_ups(pid) - before[pid][0] for pid in group) * 60 / seconds
        row["CPU s/day"] = sum(cpu_seconds(pid) - before[pid][1] for pid in group) * 86400 / seconds
        yield name, row


def print_rows(rows):
    print(f"{'':16}{'rss':>10}{'dirty':>10}{'private':>10}{'shared':>10}{'wake-ups/min':>14}{'CPU s/day':>11}")
    for name, row in rows:
        kib = "".join(f"{row[key]:>6} KiB" for key in ("rss", "private dirty", "private", "shared"))
        print(f"{name:16}{kib}{row['wake-ups/min']:>14.1f}{row['CPU s/day']:>11.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="a build that is optimised")
    parser.add_argument("--seconds", type=int, default=120, help="how long they are looked at (120)")
    arguments = parser.parse_args()
    demo.PLACE = ROOT / ".footprint"
    demo.CONFIGURATION = "".join(
        line
        for line in demo.CONFIGURATION.splitlines(keepends=True)
        if not line.startswith(("heartbeat_every", "disconnect_after"))
    )
    shutil.rmtree(demo.PLACE, ignore_errors=True)
    stage = demo.Stage(arguments.programs)
    try:
        demo.prepare(stage)
        time.sleep(SETTLE_SECONDS)
        pids = {name: [stage.children[name].pid] for name in ("agent", "aggregator")}
        for name, pid in processes_named(OTHERS):
            pids.setdefault(name, []).append(pid)
        stage.say("●", f"looking at them for {arguments.seconds} s")
        print_rows(watch(pids, arguments.seconds))
    finally:
        stage.end_all()
    shutil.rmtree(demo.PLACE)


if __name__ == "__main__":
    main()
