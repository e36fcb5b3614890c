"""Mail: letters become text in the receiver's language and leave over SMTP.

`worker` asks for a `sender` once; the templates lie in `web/templates/mail/`, first line subject.
"""

import smtplib
from email.message import EmailMessage

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
    locale = "zh_Hans_CN" if letter.language.startswith("zh") else "en"
    with app.app_context(), force_locale(locale):
        text = render_template(
            f"mail/{letter.template}.txt", public_url=settings.public_url, **letter.params
        )
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage()
    message["Subject"] = subject.strip()
    message["From"] = settings.mail_sender
    message["To"] = letter.address
    domain = settings.mail_sender.rpartition("@")[2] or "whistle"
    message["Message-ID"] = f"<{letter.key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message
