#!/usr/bin/python3
"""An HTTP server for tests: takes requests and writes down what it got, or fails in a chosen way.

The path (/fault/NAME) picks what happens to a request, or else the last three digits of the first
number of the form +49990000ddd anywhere in it:

    200 ... 599         answered with this status
    slow       (001)    answered with 200 after --slow seconds
    hang       (002)    read, and never answered
    drop       (003)    read, and the connection dropped before the answer
    redirect   (004)    302 to another path
    huge       (005)    200, with a body that does not end
    repeat     (006)    400, with everything that was sent in the body
    half       (007)    200, with half of the body that was promised
    give-back           200, with the "code" of the JSON that was sent
    to-STATUS           this status, with what stands behind "?" as its Location
    loop                308 to the same path
    flaky-N             503 to the first N requests for that path, then 200
    other               200

Its first line of output is {"port": N}. Every request that was read is one line of JSON in --out,
written before the answer: number of the connection, method, target, headers, body, and the user and
password of its basic authentication (null where it has none).
"""

import argparse
import base64
import http.server
import json
import os
import re
import ssl
import threading
import time
from collections import Counter

NUMBER = re.compile(r"(?:\+|%2[Bb])49990000(\d{3})")
FAULT_PATH = re.compile(r"/fault/([\w-]+)")
FAULTS_BY_NUMBER = {
    "001": "slow",
    "002": "hang",
    "003": "drop",
    "004": "redirect",
    "005": "huge",
    "006": "repeat",
    "007": "half",
}
PROMISED = 100  # bytes of a body of which half arrives


def login_of(headers):
    kind, _, value = headers.get("Authorization", "").partition(" ")
    return base64.b64decode(value).decode() if kind == "Basic" else None


class Exchange(http.server.BaseHTTPRequestHandler):
    """One connection; answers one request after another."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.number = self.server.count("connections")

    def log_message(self, *_):
        pass

    def do_any(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.write_down(
            {
                "connection": self.number,
                "method": self.command,
                "target": self.path,
                "headers": self.headers.items(),
                "body": self.body,
                "login": login_of(self.headers),
            }
        )
        self.answer(self.fault())

    do_GET = do_POST = do_PUT = do_any

    def everything(self):
        return f"{self.requestline}\n{self.headers}{self.body}"

    def fault(self):
        if found := FAULT_PATH.match(self.path):
            return found[1]
        if found := NUMBER.search(self.everything()):
            return FAULTS_BY_NUMBER.get(found[1], found[1])
        return "200"

    def answer(self, fault):
        if fault == "slow":
            time.sleep(self.server.options.slow)
            self.say_status(200)
        elif fault == "hang":
            threading.Event().wait()
        elif fault == "drop":
            self.close_connection = True
        elif fault == "redirect":
            self.say(302, '{"status": 302}', Location="/elsewhere")
        elif fault == "huge":
            self.say_without_end()
        elif fault == "repeat":
            self.say(400, self.everything())
        elif fault == "half":
            self.say(200, "x" * (PROMISED // 2), PROMISED)
            self.close_connection = True
        elif fault == "give-back":
            self.say(200, json.dumps({"code": json.loads(self.body).get("code")}))
        elif fault.startswith("to-"):
            _, _, target = self.path.partition("?")
            self.say(int(fault.partition("-")[2]), "moved s3cret", Location=target)
        elif fault == "loop":
            self.say(308, "moved", Location=self.path)
        elif fault.startswith("flaky-"):
            is_failing = self.server.count(self.path) <= int(fault.partition("-")[2])
            self.say_status(503 if is_failing else 200)
        elif fault.isdigit():
            self.say_status(int(fault))
        else:
            self.say_status(200)

    def say_status(self, status):
        self.say(status, json.dumps({"status": status}))

    def say(self, status, text, size=None, **headers):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", size or len(body))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def say_without_end(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:  # until the other side has had enough
            self.wfile.write(b"all of it \n" * 1000)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, options):
        super().__init__(("127.0.0.1", options.port), Exchange)
        self.options = options
        self.lock = threading.Lock()
        self.counts = Counter()
        if options.cert:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(options.cert, options.key)
            # The handshake is the connection's own thread's work.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, request, client_address):
        """Clients that go away are what is tested."""

    def count(self, what):
        with self.lock:
            self.counts[what] += 1
            return self.counts[what]

    def write_down(self, record):
        with self.lock, open(self.options.out, "a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")
            out.flush()
            os.fsync(out.fileno())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses")
    parser.add_argument("--cert", help="TLS: the server's certificate (PEM)")
    parser.add_argument("--key", help="its private key (PEM)")
    parser.add_argument("--slow", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--out", required=True, metavar="FILE", help="the requests, as lines of JSON")
    server = Server(parser.parse_args())
    print(json.dumps({"port": server.server_port}), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
