"""The ticking clock: APScheduler calls use cases, what is due lies in our own rows.

`whistle worker` runs it in any number of processes; `whistle serve` runs it beside the web server.
On PostgreSQL a notification about a new timer or letter wakes it before the next tick.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.cases import deadlines, housekeeping, messages, outbox, recount, vacancies
from app.clock import utc_now
from app.config import Settings
from app.mail import sender, text_sender
from app.store.db import db

log = logging.getLogger(__name__)
CHANNEL = "whistle_due"


class Worker:
    """Ticks inside one process until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: Settings = app.extensions["settings"]
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._is_stopping = threading.Event()

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        seconds = self._settings.timer_seconds
        self._every(seconds, "timers", deadlines.fire_due)
        self._every(seconds, "limits", recount.recount)
        self._every(seconds, "messages", messages.deliver_buffered)
        self._every(seconds, "vacancies", vacancies.Vacancies().refill)
        send, text = sender(self._app, self._settings), text_sender(self._app, self._settings)
        if send is not None or text is not None:
            self._every(seconds, "outbox", lambda: outbox.send_waiting(send, text=text))
        blobs = self._app.extensions["blobs"]
        self._every(600, "housekeeping", lambda: housekeeping.tidy(blobs))
        self._scheduler.start()
        if self._settings.database_url.startswith("postgresql"):
            threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def stop(self) -> None:
        """Finish what is running and stop."""
        self._is_stopping.set()
        self._scheduler.shutdown(wait=True)

    def run(self) -> None:
        """Tick until stopped from another thread or by the keyboard."""
        self.start()
        try:
            self._is_stopping.wait()
        except KeyboardInterrupt:
            self.stop()

    def _every(self, seconds: int, name: str, work: Callable[[], object]) -> None:
        def tick() -> None:
            with self._app.app_context():
                try:
                    work()
                except Exception:
                    log.exception("the tick %s failed; the next one tries again", name)

        self._scheduler.add_job(
            tick,
            "interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=utc_now() + timedelta(seconds=1),
        )

    def _listen(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self._wake_on_notifications()
            except Exception:
                log.exception("listening for notifications failed; ticks go on")
                self._is_stopping.wait(30)

    def _wake_on_notifications(self) -> None:
        with self._app.app_context():
            connection = db.engine.raw_connection()
        try:
            driver = connection.driver_connection
            if driver is None:
                return
            driver.autocommit = True
            driver.execute(f"LISTEN {CHANNEL}")
            while not self._is_stopping.is_set():
                for notification in driver.notifies(timeout=5, stop_after=1):
                    self._wake(notification.payload)
        finally:
            connection.invalidate()
            connection.close()

    def _wake(self, job_id: str) -> None:
        job = self._scheduler.get_job(job_id)
        if job is not None:
            job.modify(next_run_time=utc_now())
