"""The main job of Vaultbell as a story, played with real parts on loopback: a backup that succeeds, a
backup that fails, a host that vanishes and comes back. Each step counts only if it is seen twice: in
a mail that a real SMTP server received, and in what the `vaultbell` command says. Called by
script/server."""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / ".demo"
OWNER = "owner@demo.example"
WAIT_SECONDS = 60  # for any step; each takes a few seconds on a quiet machine

# Times are short here so that the story takes a minute; the defaults are 30 s, 90 s and 1 h.
CONFIGURATION = """\
state_dir = "{place}/aggregator"

[control]
socket = "{place}/control.sock"

[account]
name = "Demonstration"
owners = ["{owner}"]

[web]
listen = "127.0.0.1:{web}"

[agents]
listen = "tcp://127.0.0.1:{agents}"
public_endpoint = "tcp://127.0.0.1:{agents}"
heartbeat_every = "500ms"
disconnect_after = "3s"

[enrolment]
listen = "tcp://127.0.0.1:{enrolment}"

[alerts]
notify_after = "3s"

[smtp]
url = "smtp://127.0.0.1:{smtp}"
from = "Vaultbell <vaultbell@demo.example>"
tls = "off"

[delivery]
retry_first = "1s"
"""


class StoryFailed(Exception):
    """A step did not happen; the message says which and what was seen instead."""


def free_port(usual):
    """The usual port, or a free one below the range from which outgoing connections take theirs."""
    for port in [usual, *range(20000, 30000)]:
        with socket.socket() as probe:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise StoryFailed("no free port between 20000 and 30000")


def subject_of(mail):
    return dict(mail["headers"])["Subject"]


class Stage:
    """Starts programs, ends them, and tells what happens."""

    def __init__(self, programs):
        self.programs = programs
        self.started = time.monotonic()
        self.children = {}
        self.mails_shown = 0
        PLACE.mkdir(mode=0o700, exist_ok=True)
        self.mails_file = PLACE / "mails.jsonl"

    def say(self, sign, text):
        print(f"{time.monotonic() - self.started:6.1f} s  {sign} {text}", flush=True)

    def environment(self):
        return dict(
            os.environ,
            VAULTBELL_SOCKET=str(PLACE / "control.sock"),
            RESTIC_REPOSITORY=str(PLACE / "repository"),
            RESTIC_PASSWORD="correct horse",
            RESTIC_CACHE_DIR=str(PLACE / "cache"),
            NO_COLOR="1",
        )

    def start(self, name, *command, stdout=None):
        """Starts a program that stays; its messages go to .demo/NAME.log."""
        log = open(PLACE / f"{name}.log", "ab")
        self.children[name] = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stdout or log,
            stderr=log,
            env=self.environment(),
        )
        return self.children[name]

    def run(self, *command, text=None, **environment):
        """Runs a program to its end; returns its result, whatever it is."""
        return subprocess.run(
            [str(part) for part in command],
            input=text,
            text=True,
            capture_output=True,
            env={**self.environment(), **environment},
            timeout=WAIT_SECONDS,
            check=False,
        )

    def must(self, *command, **options):
        """Runs a program that must succeed; returns what it printed."""
        result = self.run(*command, **options)
        if result.returncode != 0:
            raise StoryFailed(
                f"{' '.join(map(str, command))} exited {result.returncode}: {result.stderr.strip()}"
            )
        return result.stdout

    def vaultbell(self, *arguments):
        return json.loads(self.must(self.programs / "vaultbell", *arguments, "-o", "json"))

    def agent(self, *arguments):
        return [self.programs / "vaultbell-agent", *arguments, "--config", PLACE / "agent.toml"]

    def until(self, what, condition):
        """Waits until `condition` returns something true, and returns that."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            self.show_new_mails()
            self.check_children()
            with contextlib.suppress(StoryFailed):
                if found := condition():
                    return found
            time.sleep(0.1)
        raise StoryFailed(f"not seen within {WAIT_SECONDS} s: {what}")

    def check_children(self):
        """What was started to stay must still be there."""
        for name, child in self.children.items():
            if child.poll() is not None:
                log = (PLACE / f"{name}.log").read_text(errors="replace")
                raise StoryFailed(f"{name} ended ({child.returncode}): {log[-2000:]}")

    def mails(self):
        if not self.mails_file.exists():
            return []
        lines = self.mails_file.read_text().splitlines()
        return [json.loads(line) for line in lines]

    def show_new_mails(self):
        for mail in self.mails()[self.mails_shown :]:
            self.mails_shown += 1
            self.say("✉", f"mail to {', '.join(mail['to'])}: {subject_of(mail)}")
            for line in mail["text"].strip().splitlines()[:12]:
                print(f"             │ {line}")

    def mail_with(self, subject):
        """The mail whose subject begins so, once it has arrived."""
        return self.until(
            f"a mail \"{subject}...\"",
            lambda: next(
                (m for m in self.mails() if subject_of(m).startswith(subject)), None
            ),
        )

    def end(self, name, how=signal.SIGTERM):
        child = self.children.pop(name, None)
        if child is None:
            return
        child.send_signal(how)
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def end_all(self):
        for name in list(reversed(self.children)):
            self.end(name)


def prepare(stage):
    """Mail server, aggregator and one enrolled agent."""
    smtp = stage.start(
        "smtp",
        "/usr/bin/python3",
        ROOT / "tests/support/smtp_server.py",
        "--port",
        "0",
        "--tls",
        "none",
        "--out",
        stage.mails_file,
        stdout=subprocess.PIPE,
    )
    ports = {
        "smtp": json.loads(smtp.stdout.readline())["port"],
        "agents": free_port(8481),
        "enrolment": free_port(8482),
        "web": free_port(8480),
    }
    (PLACE / "aggregator.toml").write_text(
        CONFIGURATION.format(place=PLACE, owner=OWNER, **ports)
    )
    (PLACE / "agent.toml").write_text(f'state_dir = "{PLACE}/agent"\n')
    stage.start(
        "aggregator",
        stage.programs / "vaultbell-aggregator",
        "--config",
        PLACE / "aggregator.toml",
    )
    stage.until("the aggregator answers", lambda: stage.vaultbell("status"))
    stage.say("●", f"aggregator ready: agents on port {ports['agents']}, mails to {OWNER}")
    stage.vaultbell("vault", "create", "demo")
    token = stage.must(
        stage.programs / "vaultbell", "enrol", "token", "create", "--vault", "demo"
    )
    stage.must(*stage.agent("enrol", "--name", "db-1"), text=token)
    start_agent(stage)
    stage.say("●", "host db-1 enrolled with a join token and online")


def start_agent(stage):
    stage.start("agent", *stage.agent("serve"))
    stage.until("db-1 is online", lambda: client_state(stage) == "online")


def client_state(stage):
    return stage.vaultbell("client", "show", "db-1")["state"]


def back_up(stage, **environment):
    """Runs restic under the agent; returns restic's own exit code."""
    command = ["restic", "backup", "--quiet", PLACE / "source"]
    wrapped = [*stage.agent("run", "--job", "nightly", "--tool", "restic"), "--", *command]
    return stage.run(*wrapped, **environment).returncode


def last_outcome(stage):
    runs = stage.vaultbell("run", "list")
    return runs[0]["outcome"] if runs else None


def active_alerts(stage):
    return [alert["kind"] for alert in stage.vaultbell("alert", "list")]


def play_backup(stage):
    (PLACE / "source").mkdir()
    (PLACE / "source" / "database.dump").write_bytes(os.urandom(1 << 20))
    stage.must("restic", "init")
    if back_up(stage) != 0:
        raise StoryFailed("restic could not make a backup")
    stage.until("the good run is listed", lambda: last_outcome(stage) == "succeeded")
    stage.say("●", 'backup "nightly" with restic: succeeded, and nobody is bothered')


def play_failed_backup(stage):
    code = back_up(stage, RESTIC_PASSWORD="wrong")
    if code == 0:
        raise StoryFailed("restic made a backup with a wrong password")
    stage.until("the failed run is listed", lambda: last_outcome(stage) == "failed")
    stage.until("the alert is active", lambda: active_alerts(stage) == ["backup_failed"])
    stage.say("✖", f'backup "nightly" with a wrong password: restic exited {code}; held 3 s')
    stage.mail_with('[CRITICAL] db-1: backup "nightly" failed')


def play_good_again(stage):
    if back_up(stage) != 0:
        raise StoryFailed("restic could not make a backup")
    stage.until("the alert is over", lambda: active_alerts(stage) == [])
    stage.say("●", 'backup "nightly" succeeded again')
    stage.mail_with('[RESOLVED] db-1: backup "nightly" failed')


def play_vanished_host(stage):
    stage.end("agent", signal.SIGKILL)
    stage.say("✖", "the agent was killed with SIGKILL: no goodbye")
    stage.until("db-1 is disconnected", lambda: client_state(stage) == "disconnected")
    stage.say("▲", "the aggregator noticed: db-1 is disconnected; held 3 s")
    stage.mail_with("[CRITICAL] db-1")
    stage.until("the alert is active", lambda: active_alerts(stage) == ["client_disconnected"])
    stage.until("a second mail", lambda: subjects(stage, "[CRITICAL]") >= 2)
    start_agent(stage)
    stage.say("●", "the agent is back")
    stage.until("the recovery mail", lambda: subjects(stage, "[RESOLVED]") >= 2)
    stage.until("the alert is over", lambda: active_alerts(stage) == [])


def subjects(stage, begin):
    return sum(subject_of(mail).startswith(begin) for mail in stage.mails())


MAILS = 5  # the owner is greeted, and told of two alerts and of their ends


def play_epilogue(stage):
    stage.show_new_mails()
    deliveries = stage.vaultbell("delivery", "list")
    states = {delivery["state"] for delivery in deliveries}
    if len(deliveries) != MAILS or states != {"delivered"} or len(stage.mails()) != MAILS:
        raise StoryFailed(f"{MAILS} mails were owed, {len(stage.mails())} arrived: {deliveries}")
    defects = [mail["defects"] for mail in stage.mails() if mail["defects"]]
    if defects:
        raise StoryFailed(f"a mail is not valid: {defects}")
    stage.say("●", f"{MAILS} mails owed, {MAILS} mails arrived, each of them once")
    print()
    print(stage.must(stage.programs / "vaultbell", "status"))


def keep_running(stage):
    link = stage.must(stage.programs / "vaultbell", "login-link", "--for", "12h").strip()
    print(f"The dashboard, for one browser: {link}\n")
    print("Everything keeps running until Ctrl-C. In another terminal:\n")
    print(f"  export VAULTBELL_SOCKET={PLACE}/control.sock PATH={stage.programs}:$PATH")
    print("  vaultbell status")
    print("  vaultbell explain alert 1")
    print(f"  vaultbell-agent --config {PLACE}/agent.toml run --job nightly -- false\n", flush=True)
    while True:
        stage.show_new_mails()
        stage.check_children()
        time.sleep(0.2)


def play(programs, is_once):
    if PLACE.exists():
        shutil.rmtree(PLACE)
    stage = Stage(programs)
    try:
        for scene in (
            prepare,
            play_backup,
            play_failed_backup,
            play_good_again,
            play_vanished_host,
            play_epilogue,
        ):
            scene(stage)
        if not is_once:
            keep_running(stage)
    finally:
        stage.end_all()
    shutil.rmtree(PLACE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--once", action="store_true", help="exit when the story has been told")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        play(arguments.programs, arguments.once)
    except KeyboardInterrupt:
        print("\nstopped; everything was ended and removed")
    except StoryFailed as failure:
        print(f"FAILED: {failure}\nThe logs are kept in {PLACE}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
