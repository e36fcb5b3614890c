"""Numbers for cases, counted within the year in the district's zone."""

from datetime import datetime

from sqlalchemy import Connection, text

from app.store.settings import district_settings


def next_number(connection: Connection, local_now: datetime) -> str:
    """Return the next case number in the district's format (`DistrictSettings`).

    `local_now` is in the district's zone. The counter's row stays locked until the commit.
    """
    serial = connection.execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
        ),
        {"name": f"case_number:{local_now:%Y}"},
    ).scalar_one()
    return district_settings(connection).case_number_format.format(
        year=local_now.year, month=local_now.month, day=local_now.day, serial=serial
    )
