#!/usr/bin/python3
"""What an agent and its aggregator cost a host while nothing happens: memory, wake-ups, CPU. Starts
both as script/server does, with the usual times, and looks at them for a while; beside them it starts
and looks at the agents of Zabbix and Icinga, where they are installed. Prints figures, judges nothing.

    tests/bench/footprint.py --programs build/package/programs/usr/bin --seconds 600
"""

import argparse
import getpass
import grp
import os
import pathlib
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

import demo  # noqa: E402: its folder is only known now

SETTLE_SECONDS = 10  # what is done once after the start

# As they come, with everything below .footprint and nobody who asks them anything; Icinga without its
# connection, which needs certificates.
ZABBIX = """\
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort={port}
LogType=console
PidFile={place}/{name}.pid
"""
ZABBIX_MORE = {"zabbix_agentd": "AllowRoot=1\n", "zabbix_agent2": "ControlSocket={place}/agent2.sock\n"}
ICINGA = """\
const NodeName = "localhost"
include <itl>
object Endpoint NodeName {{ }}
object Zone NodeName {{ endpoints = [ NodeName ] }}
object FileLogger "log" {{ path = "{place}/icinga2/log" }}
object CheckerComponent "checker" {{ }}
"""


def start_others(stage):
    """Starts what is there, and names it."""
    os.environ["PATH"] += ":/usr/sbin"
    place = demo.PLACE
    for number, name in enumerate(ZABBIX_MORE):
        if program := shutil.which(name):
            port = demo.free_port(20050 + number)
            text = (ZABBIX + ZABBIX_MORE[name]).format(port=port, place=place, name=name)
            (place / f"{name}.conf").write_text(text)
            stage.start(name, program, "-f", "-c", place / f"{name}.conf")
            yield name
    if program := shutil.which("icinga2"):
        folder = place / "icinga2"
        folder.mkdir()
        (place / "icinga2.conf").write_text(ICINGA.format(place=place))
        settings = {name: folder for name in ("DataDir", "LogDir", "CacheDir", "InitRunDir", "SpoolDir")}
        settings.update(RunAsUser=getpass.getuser(), RunAsGroup=grp.getgrgid(os.getgid()).gr_name)
        words = [f"-D{name}={value}" for name, value in settings.items()]
        stage.start("icinga2", program, "daemon", "-c", place / "icinga2.conf", *words)
        yield "icinga2"


def with_children(pid):
    """It and what it has forked."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for task in tasks for word in task.read_text().split()]
    return [pid] + [one for child in children for one in with_children(child)]


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
        names = ["agent", "aggregator", *start_others(stage)]
        time.sleep(SETTLE_SECONDS)
        stage.check_children()
        pids = {name: with_children(stage.children[name].pid) for name in names}
        stage.say("●", f"looking at them for {arguments.seconds} s")
        print_rows(watch(pids, arguments.seconds))
    finally:
        stage.end_all()
    shutil.rmtree(demo.PLACE)


if __name__ == "__main__":
    main()
