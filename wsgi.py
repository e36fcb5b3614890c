"""The WSGI application, for gunicorn and for `flask --app wsgi db …`."""

from app import create_app

app = create_app()
