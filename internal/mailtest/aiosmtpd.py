"""A mail server that is told by lines on its input to take mails, refuse, hang or drop.

Arguments: PORT (0 picks one) CERTIFICATE KEY USERNAME PASSWORD
On its output stands a line of JSON for the port, one for each word it has obeyed, and one for each mail it has taken.
"""

import asyncio
import errno
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, certificate, key, username, password = sys.argv[1:]


def say(**what):
    print(json.dumps(what), flush=True)


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == username.encode() and data.password == password.encode())


class Handler:
    mode = "takes"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "refuses":
            return "550 5.1.1 <%s>: no such user here" % address
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "hangs":
            while self.mode == "hangs":
                await asyncio.sleep(0.05)
            return "451 4.3.0 too late"
        if self.mode == "drops":
            server.transport.abort()
            return "451 4.3.0 nobody hears this"
        say(sender=envelope.mail_from, to=envelope.rcpt_tos[0], content=envelope.content.decode())
        return "250 2.0.0 taken by aiosmtpd"


async def serve():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    loop, handler = asyncio.get_running_loop(), Handler()

    def connection():
        return SMTP(
            handler, hostname="mail.example.org", tls_context=tls, require_starttls=True, authenticator=login,
            auth_required=True, loop=loop,
        )

    for left in reversed(range(200)):  # somebody may have got the port meanwhile
        try:
            server = await loop.create_server(connection, "127.0.0.1", int(port))
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not left:
                raise
            await asyncio.sleep(0.1)
    say(port=server.sockets[0].getsockname()[1])
    while word := await loop.run_in_executor(None, sys.stdin.readline):
        handler.mode = word.strip()
        say(mode=handler.mode)


asyncio.run(serve())
