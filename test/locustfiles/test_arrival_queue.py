"""Who takes a planned start, and what becomes of those that nobody takes. The clock is a number of the test's."""

import gevent
import pytest
from gevent import GreenletExit

from arrival_queue import ArrivalQueue, Outcomes


def queue_of(*due, limit_s=1.0):
    return ArrivalQueue(((one, place) for place, one in enumerate(due)), limit_s)


def idle(queue, now):
    """A user that waits for a start. :returns: its greenlet, whose value will be the start"""
    user = gevent.spawn(queue.take, now)
    gevent.sleep(0)
    return user


def taken(user):
    gevent.sleep(0)
    assert user.ready()
    return user.get()


def ends(queue):
    outcomes = queue.settled()
    return [round(late, 6) for late in outcomes.late_ms], outcomes.dropped


def test_an_idle_user_gets_the_start_that_is_due_and_has_waited_for_nobody():
    queue = queue_of(10.0, 11.0)
    user = idle(queue, 9.0)
    queue.advance(9.999)
    assert not user.ready() and queue.planned == 0
    queue.advance(10.002)
    start = taken(user)
    assert (start.planned, start.waited) == (10.0, 0.0)
    start.begin(10.003)
    start.begin(10.5)  # only the first time counts
    assert queue.planned == 1
    assert ends(queue) == ([3.0], 0)
    assert queue.next_moment() == 11.0


def test_starts_that_are_due_together_go_to_as_many_users_and_the_longest_idle_is_first():
    queue = queue_of(1.0, 1.0, 1.0)
    users = [idle(queue, 0.0) for _ in range(4)]
    queue.advance(1.0)
    gevent.sleep(0)
    assert [user.ready() for user in users] == [True, True, True, False]
    users[3].kill()


def test_a_start_that_finds_no_user_waits_and_knows_for_how_long_none_was_free():
    queue = queue_of(1.0)
    queue.advance(1.0)
    start = queue.take(1.4)
    assert start.waited == pytest.approx(0.4)
    start.begin(1.401)
    assert ends(queue) == ([401.0], 0)


def test_what_waits_longer_than_the_limit_is_dropped():
    queue = queue_of(1.0, 1.5, 2.0, limit_s=1.0)
    queue.advance(2.0)
    assert queue.next_moment() == 2.0
    queue.advance(2.2)
    assert ends(queue) == ([], 1)
    assert queue.take(2.6).planned == 2.0  # the one of 1.5 is too old by now
    assert ends(queue) == ([], 1)


def test_a_user_that_is_stopped_with_a_start_gives_it_to_the_next():
    queue = queue_of(1.0)
    first, second = idle(queue, 0.0), idle(queue, 0.5)
    first.kill(block=False)
    queue.advance(1.0)  # in the same turn of the loop: the start is its own, and it will not see it
    gevent.sleep(0)
    gevent.sleep(0)
    assert isinstance(first.value, GreenletExit)
    taken(second).begin(1.1)
    queue.close()
    queue.finish()
    assert (queue.planned, ends(queue)) == (1, ([100.0], 0))


def test_a_user_that_is_stopped_while_it_is_idle_gets_nothing():
    queue = queue_of(1.0)
    idle(queue, 0.0).kill()
    queue.advance(1.0)
    assert queue.take(1.0).planned == 1.0


def test_at_the_end_what_waits_is_dropped_and_what_could_not_begin_any_more_was_not_planned():
    queue = queue_of(1.0, 1.1, 1.2, 5.0)
    queue.advance(1.1)
    working, stopped = queue.take(1.1), queue.take(1.1)
    queue.advance(1.2)
    queue.close()
    assert queue.next_moment() == float("inf")
    working.begin(1.3)  # its user was given time to finish its task
    stopped.give_back()
    queue.finish()
    assert queue.planned == 2
    assert ends(queue) == ([300.0], 1)


def test_when_users_kept_up_nothing_is_dropped_at_the_end_either():
    queue = queue_of(1.0, 5.0)
    users = [idle(queue, 0.5), idle(queue, 0.6)]
    queue.advance(1.0)
    taken(users[0]).begin(1.0)
    queue.close()
    queue.finish()
    assert (queue.planned, ends(queue)) == (1, ([0.0], 0))
    users[1].kill()


def test_a_start_whose_user_vanished_is_dropped_when_the_run_is_over_and_counts_no_second_time():
    queue = queue_of(1.0)
    queue.advance(1.0)
    lost = queue.take(1.0)
    queue.close()
    queue.finish()
    lost.begin(1.2)
    assert (queue.planned, queue.settled()) == (1, Outcomes([], 1))


def test_after_the_end_a_user_waits_for_ever():
    queue = queue_of(1.0)
    queue.close()
    queue.advance(2.0)
    user = idle(queue, 2.0)
    assert not user.ready() and queue.planned == 0
    user.kill()


def test_a_process_takes_the_starts_of_its_share_and_of_another_one_from_then_on():
    queue = queue_of(*range(12), limit_s=100.0)
    queue.share(1, 3)
    queue.advance(5)
    assert [queue.take(5).planned for _ in range(2)] == [1, 4]
    queue.share(0, 2)
    queue.advance(11)
    assert [queue.take(11).planned for _ in range(3)] == [6, 8, 10]
