import pytest

from call_wishes import tool_params, wish_of


@pytest.mark.parametrize(
    "read, keep, expect, wish",
    [
        (None, None, None, None),
        (True, None, None, True),
        (False, None, None, False),
        (None, "hash", None, "hash"),
        (False, "hash", None, "hash"),
        # An expectation needs the result, also where loadtest.yaml drops results.
        (None, None, "text", True),
        (None, "hash", lambda result: result.digest, "hash"),
    ],
)
def test_a_call_says_what_becomes_of_its_result(read, keep, expect, wish):
    assert wish_of(read, keep, expect) is wish or wish_of(read, keep, expect) == wish == "hash"


@pytest.mark.parametrize("read, keep, expect", [(None, "all", None), (True, "hash", None), (None, "hash", "text")])
def test_wishes_that_cannot_be_are_said_at_once(read, keep, expect):
    with pytest.raises(ValueError):
        wish_of(read, keep, expect)


def test_each_call_that_asks_for_progress_has_a_token_of_its_own():
    first, second = (tool_params("t", None, {"a": 1}, progress=True)["_meta"] for _ in range(2))
    assert first["a"] == second["a"] == 1
    assert first["progressToken"] != second["progressToken"]
    assert "_meta" not in tool_params("t", {}, None, progress=False)
