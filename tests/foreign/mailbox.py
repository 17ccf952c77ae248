"""A mail server (aiosmtpd) that keeps nothing: it tells what it is given, read by Python's own library, as lines of JSON on its output.

On its input it is told how to treat people, a line of JSON each time: {"ADDRESS or *": {"rcpt": ANSWER, "data": ANSWER, "hang": true, "lose": true}}.
"""

import asyncio
import json
import ssl
import sys
from email import policy
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def tell(line):
    print(json.dumps(line), flush=True)


class Mailbox:
    plan = {}

    def of(self, address):
        return {**self.plan.get("*", {}), **self.plan.get(address, {})}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        plan = self.of(address)
        if "rcpt" in plan:
            tell({"refused": address, "answer": plan["rcpt"]})
            return plan["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        plan = self.of(envelope.rcpt_tos[0])
        if plan.get("hang"):
            tell({"hangs": envelope.rcpt_tos[0]})
            await asyncio.sleep(3600)
        if "data" in plan:
            tell({"refused": envelope.rcpt_tos[0], "answer": plan["data"]})
            return plan["data"]
        mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
        defects = [str(defect) for part in mail.walk() for defect in part.defects]
        defects += [f"{name}: {defect}" for name, value in mail.items() for defect in value.defects]
        bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
        tell({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name.lower(), str(value)] for name, value in mail.items()],
            "types": [part.get_content_type() for part in mail.walk()],
            "plain": bodies["plain"].get_content().replace("\r\n", "\n") if bodies["plain"] else None,
            "html": bodies["html"].get_content().replace("\r\n", "\n") if bodies["html"] else None,
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
            "raw": envelope.content.decode("ascii", "replace"),
            "defects": defects,
            "secure": session.ssl is not None,
            "user": (session.auth_data.login.decode() if session.authenticated else None),
        })
        if plan.get("lose"):
            # Taken, and nobody learns it.
            server.transport.abort()
        return "250 OK"


class OnAnyPort(Controller):
    """It asks its own port whether it listens, which it learns only now."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def authenticate(server, session, envelope, mechanism, data):
    is_known = data.login == b"umleitung" and data.password == b"Kranich & Nebel"
    return AuthResult(success=is_known, handled=False, auth_data=data)


def main():
    mailbox = Mailbox()
    options = {"hostname": "127.0.0.1", "port": 0, "enable_SMTPUTF8": True, "timeout": 3600}
    if len(sys.argv) == 3:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        options |= {"tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True}
    controller = OnAnyPort(mailbox, **options)
    controller.start()
    tell({"port": controller.port})
    for line in sys.stdin:
        Mailbox.plan = json.loads(line)
        tell({"planned": Mailbox.plan})
    controller.stop()


if __name__ == "__main__":
    main()
