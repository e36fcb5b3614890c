"""The two databases that `tests/conftest.py` hands out are empty, real and a test's own."""

from sqlalchemy import create_engine, inspect, text

from tests.support.postgres import KeptDatabase, PostgresServer


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


def test_a_kept_database_holds_again_what_it_held(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE street (key INT PRIMARY KEY, name TEXT)"))
            connection.execute(text("CREATE TABLE grid (street INT REFERENCES street, no INT)"))
            connection.execute(text("INSERT INTO street VALUES (1, '解放路')"))
            connection.execute(text("INSERT INTO grid VALUES (1, 1), (1, 2)"))
        kept = KeptDatabase(postgres_server, url)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM grid WHERE no = 2"))
            connection.execute(text("INSERT INTO street VALUES (2, '人民路')"))
            connection.execute(text("INSERT INTO grid VALUES (2, 1)"))
        forgotten = engine.connect()
        forgotten.execute(text("LOCK TABLE street"))
        kept.put_back()
        forgotten.invalidate()
        with engine.begin() as connection:
            assert connection.execute(text("SELECT * FROM street")).all() == [(1, "解放路")]
            assert connection.execute(text("SELECT * FROM grid")).all() == [(1, 1), (1, 2)]
        forgotten.close()
        engine.dispose()
