"""The two databases that `tests/conftest.py` hands out are empty, real and a test's own."""

from sqlalchemy import create_engine, inspect, text

from tests.support.postgres import PostgresServer


def test_each_test_gets_an_empty_database_it_may_fill(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE street (name TEXT)"))
        connection.execute(text("INSERT INTO street VALUES ('解放路')"))
        assert connection.scalar(text("SELECT name FROM street")) == "解放路"
    engine.dispose()


def test_a_forgotten_connection_does_not_keep_a_database_alive(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.fresh_database() as url:
        engine = create_engine(url)
        forgotten = engine.connect()
        name = forgotten.scalar(text("SELECT current_database()"))
    with postgres_server.connect() as connection:
        left = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        assert left.fetchone() is None
    forgotten.invalidate()
    forgotten.close()
    engine.dispose()
