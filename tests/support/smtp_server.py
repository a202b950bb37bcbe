#!/usr/bin/python3
"""A mail server for tests: takes mail and writes down what it got, or fails in a chosen way.

The recipient's local part picks what happens to a mail:

    grey*      451 at RCPT TO until --grey seconds have passed since the first try, then accepted
    nouser*    550 at RCPT TO
    full*      452 at RCPT TO
    busy421*   421 at RCPT TO, and the connection is closed
    slow*      no answer to RCPT TO
    middata*   the connection is dropped in the middle of the content
    spam*      554 to the content
    slowend*   the content is taken, and never answered
    lostok*    the content is taken, and the connection dropped before the answer
    other      accepted

--refuse makes it fail by itself: at the greeting, at EHLO, at STARTTLS, at MAIL FROM or at DATA.

Its first line of output is {"port": N}. Every mail whose content was taken is one line of JSON in
--out, written before the answer: number of the connection, envelope, headers, parts as a mail
program decodes them, defects that Python's parser finds, the tags of the HTML part (null unless it
is well-formed), raw bytes.
"""

import argparse
import asyncio
import json
import logging
import os
import ssl
import time
import warnings
from email import message_from_bytes, policy
from xml.etree import ElementTree

from aiosmtpd.smtp import SMTP, AuthResult

# What is wrong on purpose is not worth a word; the tests read the answers.
warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

ANSWERS_AT_RCPT = {
    "nouser": "550 5.1.1 No such user",
    "full": "452 4.2.2 Mailbox full",
}


def local_part(address):
    return address.partition("@")[0]


def defects_of(message):
    for part in message.walk():
        yield from (repr(defect) for defect in part.defects)
        for name, value in part.items():
            yield from (f"{name}: {defect!r}" for defect in value.defects)


def body_of(message, kind):
    part = message.get_body((kind,))
    return part.get_content() if part else None


def tags_of(html):
    try:
        return [element.tag for element in ElementTree.fromstring(html).iter()]
    except (ElementTree.ParseError, TypeError):
        return None


def record_of(connection, session, envelope):
    message = message_from_bytes(envelope.content, policy=policy.default)
    html = body_of(message, "html")
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "connection": connection,
        "user": session.auth_data.login.decode() if session.auth_data else None,
        "headers": [[name, str(value)] for name, value in message.items()],
        "types": [part.get_content_type() for part in message.walk()],
        "text": body_of(message, "plain"),
        "html": html,
        "html_tags": tags_of(html),
        "defects": list(defects_of(message)),
        "raw": envelope.content.decode("ascii", "backslashreplace"),
    }


async def hang():
    """Waits until the connection is lost, which cancels it."""
    await asyncio.Event().wait()


class Faults:
    """Answers what the mails say; shared by all connections."""

    def __init__(self, options):
        self.options = options
        self.first_tries = {}
        self.connections = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.options.refuse == "mail":
            return "550 5.7.1 Sender refused"
        envelope.mail_from = address
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = local_part(address)
        for prefix, answer in ANSWERS_AT_RCPT.items():
            if name.startswith(prefix):
                return answer
        if name.startswith("grey") and self.is_too_early(address):
            return "451 4.7.1 Greylisted, try again later"
        if name.startswith("busy421"):
            await server.push("421 4.3.2 Shutting down")
            server.transport.close()
            await hang()
        if name.startswith("slow") and not name.startswith("slowend"):
            await hang()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server, session, envelope):
        name = local_part(envelope.rcpt_tos[0])
        if name.startswith("spam"):
            return "554 5.7.1 Message rejected"
        self.write_down(record_of(server.number, session, envelope))
        if name.startswith("lostok"):
            server.transport.abort()
            await hang()
        if name.startswith("slowend"):
            await hang()
        return "250 2.0.0 Queued"

    def is_too_early(self, address):
        first = self.first_tries.setdefault(address, time.monotonic())
        return time.monotonic() - first < self.options.grey

    def write_down(self, record):
        with open(self.options.out, "a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")
            out.flush()
            os.fsync(out.fileno())


class Connection(SMTP):
    """Fails by itself where --refuse says so, and drops connections within the content."""

    def __init__(self, faults, **arguments):
        super().__init__(faults, hostname="mail.test", **arguments)
        self.refuses = faults.options.refuse
        faults.connections += 1
        self.number = faults.connections

    def connection_made(self, transport):
        if self.refuses != "greeting":
            return super().connection_made(transport)
        transport.write(b"554 5.3.2 No service here\r\n")
        transport.close()

    def connection_lost(self, error):
        if self.session:
            super().connection_lost(error)

    async def smtp_EHLO(self, arg):
        if self.refuses == "ehlo":
            return await self.push("550 5.7.1 Not from you")
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg):
        if self.refuses == "ehlo":
            return await self.push("550 5.7.1 Not from you")
        await super().smtp_HELO(arg)

    async def smtp_STARTTLS(self, arg):
        if self.refuses == "starttls":
            return await self.push("554 5.7.3 No TLS today")
        await super().smtp_STARTTLS(arg)

    async def smtp_DATA(self, arg):
        if self.refuses == "data":
            return await self.push("554 5.5.1 No content today")
        if local_part(self.envelope.rcpt_tos[0]).startswith("middata"):
            await self.push("354 Go ahead")
            await self._reader.read(40)
            self.transport.abort()
            await hang()
        await super().smtp_DATA(arg)


def authenticator_for(options):
    def is_right(server, session, envelope, mechanism, login):
        right = (options.user.encode(), options.password.encode())
        return AuthResult(
            success=(login.login, login.password) == right, handled=False, auth_data=login
        )

    return is_right


def context_for(options):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.cert, options.key)
    return context


def protocol_arguments(options):
    arguments = {"auth_require_tls": options.tls == "starttls", "require_starttls": False}
    if options.tls == "starttls":
        arguments.update(tls_context=context_for(options), require_starttls=True)
    if options.user:
        arguments.update(auth_required=True, authenticator=authenticator_for(options))
    return arguments


async def serve(options):
    loop = asyncio.get_running_loop()
    arguments = protocol_arguments(options)
    faults = Faults(options)
    listener = await loop.create_server(
        lambda: Connection(faults, loop=loop, **arguments),
        "127.0.0.1",
        options.port,
        ssl=context_for(options) if options.tls == "smtps" else None,
    )
    print(json.dumps({"port": listener.sockets[0].getsockname()[1]}), flush=True)
    await listener.serve_forever()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses")
    parser.add_argument("--tls", choices=["starttls", "smtps", "none"], default="none")
    parser.add_argument("--cert", help="the server's certificate (PEM)")
    parser.add_argument("--key", help="its private key (PEM)")
    parser.add_argument("--user", help="with --password: everybody must log in")
    parser.add_argument("--password", default="")
    parser.add_argument("--grey", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--refuse", choices=["greeting", "ehlo", "starttls", "mail", "data"])
    parser.add_argument("--out", required=True, metavar="FILE", help="the mails, as lines of JSON")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
