import socket
import time

import kernel_stamp
import pytest


@pytest.mark.skipif(not kernel_stamp.HAS_KERNEL_STAMPS, reason="no stamps on this system")
def test_a_stamp_is_of_when_the_bytes_came_not_of_when_they_were_read():
    listener = socket.socket()
    kernel_stamp.ask_for_stamps(listener)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    with socket.create_connection(listener.getsockname()) as client, listener, listener.accept()[0] as server:
        before_ns = time.time_ns()
        client.sendall(b"x")
        after_ns = time.time_ns()
        time.sleep(0.02)
        data, received_ns = kernel_stamp.receive(server)
    assert data == b"x"
    # On loopback a segment is there when the write returns.
    assert before_ns <= received_ns <= after_ns
