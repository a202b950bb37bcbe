#!/usr/bin/python3
"""The dependency rule of docs/architecture.md, as data: which folder may include which."""

import re

import checks

BASE = {"shared/base"}
DOMAIN = BASE | {"shared/domain"}
PACK = BASE | {"shared/pack"}
SHARED = DOMAIN | PACK | {
    f"shared/{name}" for name in ("config", "crypto", "lmdb", "net", "pattern", "protocol", "service")
}
AGGREGATOR = {
    f"aggregator/{name}"
    for name in ("api", "auditor", "board", "core", "declared", "gateway", "notify", "storage", "watchdog", "web", "wording")
}
AGGREGATOR_SHELL = SHARED | {"aggregator/core", "aggregator/board"}
AGENT = {f"agent/{name}" for name in ("adapters", "alone", "classify", "core", "hooks", "pings", "spool", "uplink", "watch")}
AGENT_SHELL = SHARED | {"agent/core"}

# Folder -> the other folders that it may include from. tests/ may include everything.
ALLOWED = {
    "shared/base": set(),
    "shared/domain": BASE,
    "shared/pack": BASE,
    "shared/config": DOMAIN,
    "shared/lmdb": BASE,
    "shared/pattern": BASE,
    "shared/service": BASE,
    "shared/crypto": DOMAIN | PACK,
    "shared/protocol": DOMAIN | PACK,
    "shared/net": DOMAIN | {"shared/crypto"},
    "aggregator/core": DOMAIN,
    "aggregator/board": BASE,
    "aggregator/storage": AGGREGATOR_SHELL,
    "aggregator/auditor": DOMAIN | {"shared/lmdb", "aggregator/core", "aggregator/storage"},
    "aggregator/gateway": AGGREGATOR_SHELL,
    "aggregator/wording": DOMAIN | {"aggregator/core"},
    "aggregator/notify": AGGREGATOR_SHELL | {"aggregator/wording"},
    "aggregator/watchdog": BASE | {"aggregator/board"},
    "aggregator/web": set(),
    "aggregator/declared": DOMAIN | {"shared/config", "aggregator/core"},
    "aggregator/api": AGGREGATOR_SHELL
    | {"aggregator/declared", "aggregator/storage", "aggregator/web", "aggregator/wording"},
    "aggregator/ctl": SHARED | {"aggregator/declared", "aggregator/wording"},
    "aggregator": SHARED | AGGREGATOR,
    "agent/core": DOMAIN,
    "agent/classify": DOMAIN | {"shared/pattern"},
    "agent/adapters": DOMAIN | {"shared/config", "shared/pattern", "agent/classify"},
    "agent/alone": AGENT_SHELL,
    "agent/hooks": DOMAIN | {"agent/classify"},
    "agent/pings": DOMAIN | {"shared/net"},
    "agent/spool": AGENT_SHELL,
    "agent/uplink": AGENT_SHELL,
    "agent/watch": DOMAIN | {"shared/net", "shared/pattern", "agent/classify", "agent/spool"},
    "agent": SHARED | AGENT,
}

# (Folder, other folder) -> the only headers that it may include from there.
ONLY = {
    ("aggregator/auditor", "aggregator/core"): {"rows.hpp", "settings.hpp", "words.hpp"},
    ("aggregator/auditor", "aggregator/storage"): {"snapshot.hpp"},
}

# What the auditor must find out by itself: it uses the core's types, and none of its functions, also
# of those that come along with rows.hpp.
INDEPENDENT = {"aggregator/auditor"}
DECIDING = re.compile(
    r"\bcore::[a-z]\w*\("
    r"|(?<![.>\w])(check_policy|check_timing|in_force|inherit|notify_after|resolve|settings_of|settling_time)\("
)

# Third-party header -> the folders that may include it; everywhere in tests/.
THIRD_PARTY = {
    r"lmdb\.h": {"shared/lmdb"},
    r"zmq\..*": {"shared/net"},
    r"msgpack.*": {"shared/pack"},
    r"sodium.*": {"shared/crypto"},
    r"openssl/.*": {"aggregator/api"},
    r"toml\+\+/.*": {"shared/config"},
    r"systemd/.*": {"shared/service"},
    r"spdlog/.*": {"shared/base"},
    r"tl/.*": {"shared/base", "aggregator/ctl"},
    r"curl/.*": {"aggregator/notify", "aggregator/watchdog", "aggregator/ctl"},
    r"kainjow/.*": {"aggregator/notify"},
    r"boost/asio/buffer\.hpp": {"aggregator/api", "agent/pings"},
    r"boost/beast/http/.*": {"aggregator/api", "agent/pings"},
    r"boost/(asio|beast)/.*": {"aggregator/api"},
    r"boost/program_options.*": {"aggregator", "aggregator/ctl", "agent"},
    r"nlohmann/.*": {"aggregator/api", "aggregator/ctl", "aggregator/notify", "agent", "agent/classify", "agent/watch"},
    r"re2/.*": {"shared/pattern"},
    r"date/.*": {"shared/domain"},
    r"fmt/.*": None,  # anywhere
    r"(gmock|gtest|rapidcheck)[./].*": set(),
}
SYSTEM = re.compile(r"(sys|linux|arpa|netinet)/.*|[a-z_0-9]+(\.h)?")

# What a core must not know: clocks, files, sockets, threads, logs, random numbers, hash order.
CORES = {"aggregator/core", "agent/classify", "agent/core"}
IMPURE = re.compile(
    r"<(atomic|condition_variable|ctime|filesystem|fstream|future|iostream|mutex|random|thread"
    r"|unordered_map|unordered_set|.*\.h|fmt/.*)>|_clock::now"
    r'|"shared/base/(bounded_queue|clock|file_descriptor|files|instance_lock|log|wake_up)\.hpp"'
    r"|\brandom_uuid\b|\bstd::(rand|time)\("
)

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaint_about(folder, quote, header):
    if quote == '"':
        wanted, _, file = header.rpartition("/")
        is_fine = wanted == folder or wanted in ALLOWED[folder]
        if not is_fine:
            return f"{folder} must not include {wanted}"
        only = ONLY.get((folder, wanted))
        return f"{folder} must not include {header}" if only and file not in only else None
    for pattern, folders in THIRD_PARTY.items():
        if re.fullmatch(pattern, header):
            is_fine = folders is None or folder in folders
            return None if is_fine else f"{folder} must not include <{header}>"
    return None if SYSTEM.fullmatch(header) else f"<{header}> has no folder of its own yet"


def check(root, files):
    complaints = []
    for name in checks.sources(files):
        folder = str(name.parent)
        if name.parts[0] == "tests":
            continue
        if folder not in ALLOWED:
            complaints.append(f"{name}:1: the folder {folder} is not in the dependency rule")
            continue
        for number, line in checks.lines_of(root, name):
            include = INCLUDE.match(line)
            what = complaint_about(folder, *include.groups()) if include else None
            if folder in CORES and IMPURE.search(line):
                what = f"a core must be pure: {line.strip()}"
            if folder in INDEPENDENT and DECIDING.search(line):
                what = f"{folder} must not ask the core: {line.strip()}"
            if what:
                complaints.append(f"{name}:{number}: {what}")
    return complaints


if __name__ == "__main__":
    checks.run(check)
