"""What a Locust process says of its own load: CPU, waiting for a core, late greenlets."""

import time

import gevent

from process_load import ProcessLoad


def test_greenlets_behind_one_that_computes_wake_late(tmp_path):
    load = ProcessLoad(str(tmp_path / "none"))
    gevent.sleep(0.05)
    load.read()
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        pass
    gevent.sleep(0.03)
    said = load.read()
    load.stop()
    assert said["locustLateMs"] > 200
    assert said["locustCpu"] > 0.1


def test_the_time_without_a_core_is_told_as_a_share_once(tmp_path):
    schedstat = tmp_path / "schedstat"
    schedstat.write_text("7 1000000 3\n")
    load = ProcessLoad(str(schedstat))
    gevent.sleep(0.04)
    schedstat.write_text("9 11000000 5\n")
    first, second = load.read(), load.read()
    load.stop()
    assert 0 < first["locustWaited"] <= 0.26
    assert second["locustWaited"] == 0


def test_a_system_that_does_not_tell_leaves_the_field_out(tmp_path):
    load = ProcessLoad(str(tmp_path / "none"))
    assert "locustWaited" not in load.read()
    load.stop()
