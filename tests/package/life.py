#!/usr/bin/python3
"""The life of the packages on a host: installed, upgraded, removed, purged: life.py PACKAGES.

dpkg does it truly, with all maintainer scripts, in an empty folder as if it were the root of a host
(--root, --force-script-chrootless) on which no systemd runs. It does so as nobody under fakeroot, so
that a mistake in a script cannot touch this machine. With `--canary` behind it, packages that forget
edits and leave things behind must be found.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import debs

NOBODY = "65534"
EDITED = "# edited by an administrator\n"
ACCOUNTS = re.compile(r"etc/(passwd|group|shadow|gshadow)-?|etc/\.pwd\.lock")
SCRIPTS = ["life.py", "debs.py"]


class Host:
    """A folder that dpkg takes for the root of a host without any package."""

    def __init__(self, root):
        self.root = root
        for folder in ("etc", "var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers"):
            (root / folder).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
        (root / "etc/group").write_text("root:x:0:\n")
        self.found = []

    def expect(self, is_so, complaint):
        if not is_so:
            self.found.append(complaint)

    def dpkg(self, *arguments):
        """What it said. Nobody answers its questions; the libraries are not there."""
        forced = ["--force-script-chrootless", "--force-depends", "--log=/dev/null"]
        ran = subprocess.run(
            ["dpkg", f"--root={self.root}", *forced, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.expect(ran.returncode == 0, f"dpkg {arguments[0]} ended with {ran.returncode}: {ran.stderr}")
        return ran.stdout + ran.stderr

    def file(self, name):
        return self.root / name

    def users(self):
        accounts = self.file("etc/passwd").read_text() + self.file("etc/group").read_text()
        return set(re.findall(r"^(vaultbell\S*?):", accounts, re.MULTILINE))

    def left(self):
        """What is there besides dpkg's own and the accounts; of folders, only ours and what they hold."""
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if name.startswith("var/lib/dpkg/") or ACCOUNTS.fullmatch(name):
                continue
            if not path.is_dir() or "vaultbell" in name:
                yield name


def expect_installed(host, said):
    host.expect(said.count("Next: ") == 2, "both daemons should say what comes next")
    for name, mode in (
        ("etc/vaultbell", 0o755),
        ("etc/vaultbell/conf.d", 0o755),
        ("etc/vaultbell/credentials", 0o700),
        ("etc/vaultbell/credentials/smtp-password", 0o600),
        ("etc/vaultbell/aggregator.toml", 0o644),
        ("etc/vaultbell/agent.toml", 0o644),
    ):
        at = host.file(name)
        is_so = at.exists() and at.stat().st_mode & 0o7777 == mode and at.stat().st_uid == 0
        host.expect(is_so, f"/{name} should belong to root with mode {mode:o}")
    host.expect(host.users() == {"vaultbell", "vaultbell-agent"}, f"the users are {sorted(host.users())}")
    for name in ("aggregator.toml", "agent.toml"):
        lines = host.file(f"etc/vaultbell/{name}").read_text().splitlines()
        host.expect(not any(re.match(r"\w+ *=", line) for line in lines), f"{name} sets something")
    wanted = host.file("etc/systemd/system/multi-user.target.wants")
    enabled = {path.name for path in wanted.iterdir()} if wanted.exists() else set()
    host.expect(enabled == {"vaultbell-agent.service"}, f"{sorted(enabled)} would start with the host")


def use(host):
    """What an administrator and the daemons do."""
    for name in ("etc/vaultbell/aggregator.toml", "etc/vaultbell/agent.toml", "etc/vaultbell/conf.d/own.toml"):
        with host.file(name).open("a") as file:
            file.write(EDITED)
    host.file("etc/vaultbell/credentials/smtp-password").write_text("secret")
    for folder in ("var/lib/vaultbell", "var/lib/vaultbell-agent/spool"):
        host.file(folder).mkdir(parents=True)
        (host.file(folder) / "data.mdb").touch()


def expect_kept(host, when):
    for name in ("etc/vaultbell/aggregator.toml", "etc/vaultbell/agent.toml", "etc/vaultbell/conf.d/own.toml"):
        at = host.file(name)
        host.expect(at.exists() and EDITED in at.read_text(), f"{when}, the edits of /{name} are lost")
    for name in ("var/lib/vaultbell/data.mdb", "var/lib/vaultbell-agent/spool/data.mdb"):
        host.expect(host.file(name).exists(), f"{when}, /{name} is lost")
    password = host.file("etc/vaultbell/credentials/smtp-password")
    host.expect(password.exists() and password.read_text() == "secret", f"{when}, the password is lost")


def newer(tree, version, default=""):
    debs.set_version(tree, version)
    for path in (tree / "etc/vaultbell").glob("*.toml"):
        path.write_text(path.read_text() + default)


def live(host, packages, spoil=None):
    folder = host.root.parent
    made = {name: [] for name in ("first", "second", "third")}
    for deb in packages.values():
        first = debs.changed(deb, folder / "first", lambda tree: spoil and spoil(tree))
        made["first"].append(first)
        made["second"].append(debs.changed(first, folder / "second", lambda tree: newer(tree, "0.1.1")))
        made["third"].append(debs.changed(first, folder / "third", lambda tree: newer(tree, "0.1.2", "# new\n")))
    expect_installed(host, host.dpkg("--install", *made["first"]))
    use(host)
    said = host.dpkg("--install", *made["second"])
    host.expect("Next: " not in said and "***" not in said, "an upgrade should ask and advise nothing")
    expect_kept(host, "after an upgrade")
    host.dpkg("--force-confold", "--install", *made["third"])
    expect_kept(host, "after an upgrade with other defaults")
    host.expect(host.file("etc/vaultbell/agent.toml.dpkg-dist").exists(), "the new defaults are not there")
    host.dpkg("--remove", *packages)
    expect_kept(host, "after they were removed")
    host.expect(not host.file("usr").exists(), "removed packages left something in /usr")
    host.dpkg("--purge", *packages)
    ours = {"etc/vaultbell", "etc/vaultbell/conf.d", "etc/vaultbell/conf.d/own.toml"}
    left = set(host.left()) - ours
    host.expect(not left, f"purged packages left {sorted(left)}")
    host.expect(host.file("etc/vaultbell/conf.d/own.toml").exists(), "an administrator's own file is lost")
    host.expect(not host.users(), f"purged packages left the users {sorted(host.users())}")
    return host.found


def spoil(tree):
    """No file is an administrator's, and purging does nothing."""
    for name in ("conffiles", "postrm"):
        (tree / "DEBIAN" / name).unlink(missing_ok=True)


def check(packages, is_canary):
    with tempfile.TemporaryDirectory() as folder:
        found = live(Host(pathlib.Path(folder) / "host"), packages, spoil if is_canary else None)
    if not is_canary:
        return found
    wanted = ["after an upgrade, the edits of /etc/vaultbell/agent.toml are lost", "purged packages left the users"]
    return [f"not found in the canary: {one}" for one in wanted if not any(one in text for text in found)]


def run_as_nobody(packages, arguments):
    """Runs this again in a folder of its own, without any right on this machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        here = pathlib.Path(__file__).resolve().parent
        for path in [*(here / script for script in SCRIPTS), *debs.find(packages).values()]:
            shutil.copy(path, folder)
        (folder / "work").mkdir()
        command = ["fakeroot", "/usr/bin/python3", folder / "life.py", folder, *arguments, "--inside"]
        if os.geteuid() == 0:
            for path in (folder, folder / "work"):
                os.chown(path, int(NOBODY), int(NOBODY))
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder / "work"),
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(command, env=environment, check=False).returncode


def main():
    arguments = sys.argv[2:]
    if "--inside" not in arguments:
        return run_as_nobody(sys.argv[1], arguments)
    complaints = check(debs.find(sys.argv[1]), "--canary" in arguments)
    print(*complaints, sep="\n")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
