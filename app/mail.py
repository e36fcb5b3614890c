"""Mail and text messages: letters become text in the receiver's language and leave.

Mail goes over SMTP, a text message to the gateway the operator has set. `worker` asks for both
senders once; the templates lie in `web/templates/mail/`, first line subject.
"""

import smtplib
from email.message import EmailMessage
from http import HTTPStatus
from urllib.request import Request, urlopen

import orjson
from flask import Flask, render_template
from flask_babel import force_locale

from app.cases.outbox import Letter, Send
from app.config import Settings


def sender(app: Flask, settings: Settings) -> Send | None:
    """Return the function that sends a letter; None where no mail server is set."""
    if not settings.mail_server or not settings.mail_sender:
        return None

    def send(letter: Letter) -> None:
        message = compose(app, settings, letter)
        with smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=20) as server:
            if settings.is_mail_encrypted:
                server.starttls()
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            server.send_message(message)

    return send


def compose(app: Flask, settings: Settings, letter: Letter) -> EmailMessage:
    """Return the letter as a message; its id is the letter's key, the same at every attempt."""
    subject, body = _written(app, settings, letter)
    message = EmailMessage()
    message["Subject"] = subject.strip()
    message["From"] = settings.mail_sender
    message["To"] = letter.address
    domain = settings.mail_sender.rpartition("@")[2] or "whistle"
    message["Message-ID"] = f"<{letter.key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message


def text_sender(app: Flask, settings: Settings) -> Send | None:
    """Return the function that sends a letter as a text message; None where no gateway is set."""
    if not settings.message_gateway:
        return None

    def send(letter: Letter) -> None:
        headers = {"Content-Type": "application/json"}
        if settings.message_token:
            headers["Authorization"] = f"Bearer {settings.message_token}"
        content = orjson.dumps(text_of(app, settings, letter))
        request = Request(settings.message_gateway, content, headers, method="POST")  # noqa: S310
        with urlopen(request, timeout=20) as answer:  # noqa: S310 http and https only, see config
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise OSError(f"the gateway for text messages answered {answer.status}")

    return send


def text_of(app: Flask, settings: Settings, letter: Letter) -> dict[str, str]:
    """Return what the gateway is given: the letter's key, the number, one line and the link."""
    subject, _body = _written(app, settings, letter)
    link = f"{settings.public_url}/track/{letter.params['token']}" if settings.public_url else ""
    return {
        "id": letter.key,
        "to": letter.address,
        "text": " ".join(filter(None, (subject.strip(), link))),
    }


def _written(app: Flask, settings: Settings, letter: Letter) -> tuple[str, str]:
    """Return a letter's subject and body in the receiver's language."""
    locale = "zh_Hans_CN" if letter.language.startswith("zh") else "en"
    with app.app_context(), force_locale(locale):
        text = render_template(
            f"mail/{letter.template}.txt", public_url=settings.public_url, **letter.params
        )
    subject, _, body = text.strip().partition("\n")
    return subject, body
