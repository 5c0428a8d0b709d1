"""A real mail server on this machine, for tests that look at what arrives."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from audit.demo_site import free_port


@dataclass(frozen=True)
class Delivered:
    """One mail: what the server was told, and what stands in it."""

    sender: str
    receiver: str
    message: EmailMessage

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self) -> str:
        return self.message.get_body(("html",)).get_content()

    @property
    def subject(self) -> str:
        return self.message["Subject"]


class PostOffice:
    """Takes mail unless `answer` says otherwise."""

    def __init__(self) -> None:
        self.answer = ""
        self.tried = 0
        self.taken: list[Delivered] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (the name aiosmtpd calls)
        self.tried += 1
        if self.answer:
            return self.answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(Delivered(envelope.mail_from, envelope.rcpt_tos[0], message))
        return "250 taken"

    @property
    def subjects(self) -> list[str]:
        return [mail.subject.partition(": ")[2] for mail in self.taken]
