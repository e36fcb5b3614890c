"""Sixty cases, three processes, twenty kills: nothing acknowledged is lost, nothing is doubled."""

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.support import walk
from tests.support.district import District
from tests.support.stepper import broken, step_until_done

CASES = 60
PROCESSES = 3
KILLS = 20
STEPS_BETWEEN_KILLS = 11


@pytest.fixture(scope="module")
def spawn() -> Callable[..., ForkServerProcess]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.stepper"])

    def start(*arguments: object, naive: bool) -> ForkServerProcess:
        process = context.Process(
            target=step_until_done, args=arguments, kwargs={"naive": naive}, daemon=True
        )
        process.start()
        return process

    return start


def walk_under_kills(
    district: District,
    log: Path,
    spawn: Callable[..., ForkServerProcess],
    *,
    naive: bool,
) -> int:
    """Start the processes, kill one after every few acknowledged steps, wait for the rest."""
    chooser = random.Random(7)
    folder = Path(district.app.instance_path)
    log.touch()

    def start(seed: int) -> ForkServerProcess:
        return spawn(district.database_url, folder, log, seed, naive=naive)

    running = [start(seed) for seed in range(PROCESSES)]
    kills, seen, ends_at = 0, 0, time.monotonic() + 200
    while any(process.is_alive() for process in running) and time.monotonic() < ends_at:
        acknowledged = log.read_bytes().count(b"\n")
        if kills < KILLS and acknowledged >= seen + STEPS_BETWEEN_KILLS:
            victim = chooser.randrange(PROCESSES)
            if running[victim].is_alive():
                running[victim].kill()
                running[victim].join()
                kills, seen = kills + 1, acknowledged
                running[victim] = start(PROCESSES + kills)
        time.sleep(0.002)
    for process in running:
        process.join(timeout=1)
    return kills


@pytest.mark.timeout(290)
def test_kills_lose_and_double_nothing(
    district: District,
    tmp_path: Path,
    spawn: Callable[..., ForkServerProcess],
) -> None:
    for _ in range(CASES):
        walk.report(channel="patrol")  # nobody is called back, so it can be closed
    log = tmp_path / "acknowledged"
    kills = walk_under_kills(district, log, spawn, naive=False)
    assert kills == KILLS
    assert broken(log, CASES) == []


@pytest.mark.timeout(290)
def test_the_same_check_catches_the_naive_path(
    district: District,
    tmp_path: Path,
    spawn: Callable[..., ForkServerProcess],
) -> None:
    for _ in range(CASES):
        walk.report(channel="patrol")  # nobody is called back, so it can be closed
    log = tmp_path / "acknowledged"
    walk_under_kills(district, log, spawn, naive=True)
    found = broken(log, CASES)
    assert any("submitted" in sentence or "lost" in sentence for sentence in found)
