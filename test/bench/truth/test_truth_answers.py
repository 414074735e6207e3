import json

import truth_answers
from truth_answers import answer_at_once, call_answer, cut_requests


def post(message):
    body = json.dumps(message).encode()
    return b"POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def call(number):
    params = {"name": truth_answers.TIMED, "arguments": {"number": number}}
    return {"jsonrpc": "2.0", "id": "a7", "method": "tools/call", "params": params}


def test_requests_are_cut_wherever_the_segments_end():
    wire = post(call(1)) + b"GET /mcp HTTP/1.1\r\n\r\n" + post(call(2))
    for end in range(len(wire)):
        received = bytearray(wire[:end])
        first = list(cut_requests(received))
        received += wire[end:]
        found = first + list(cut_requests(received))
        assert [request.verb for request in found] == [b"POST", b"GET", b"POST"]
        assert [request.number for request in found if request.tool] == [1, 2]
        assert not received


def test_a_call_is_answered_with_its_own_id_as_json_and_as_an_event():
    (request,) = cut_requests(bytearray(post(call(5))))
    head, body = call_answer(request, is_stream=False)
    assert b"Content-Length: %d\r\n" % len(body) in head
    assert json.loads(body)["id"] == "a7"
    head, chunks = call_answer(request, is_stream=True)
    size, _, rest = chunks.partition(b"\r\n")
    event = rest[: int(size, 16)]
    assert rest[int(size, 16) :] == b"\r\n0\r\n\r\n"
    assert json.loads(event.split(b"data: ")[1])["id"] == "a7"


def test_what_is_no_call_is_answered_at_once():
    def answer(message):
        (request,) = cut_requests(bytearray(post(message)))
        return answer_at_once(request, session=3)

    assert b"Mcp-Session-Id: session-0000000000000003\r\n" in answer({"id": 1, "method": "initialize", "params": {}})
    assert b'"timed"' in answer({"id": 2, "method": "tools/list"})
    assert answer({"method": "notifications/initialized"}).startswith(b"HTTP/1.1 202")
