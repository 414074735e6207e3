"""`traffic` as the bridge hands it to Python, of which a test says only what it is about."""

NONE = {"fromMs": 0, "toMs": 0}


def operation(does: str = "call", of: "str | None" = "look", **given):
    """A call with arguments, unless they are given as None."""
    fixed = {"does": does, "of": of, "arguments": {}, "times": 1, "expect": None, "matches": None}
    return {**fixed, "timeoutMs": None, "name": None, "save": None, "needs": [], **given}


def item(*steps, turn=None, weight=1):
    """:param steps: an operation, a list of operations at once, or a pause in ms"""
    return {"turn": turn, "weight": weight, "steps": [_step(one) for one in steps]}


def traffic(*items, **given):
    """Without items: all tools that only read."""
    fixed = {"mix": list(items) or None, "think": NONE, "burst": None, "allow": [], "seed": 1}
    arrivals = {"byChance": False, "of": "items", "limitMs": 1000}
    return {**fixed, "sessionLifetime": None, "arrivalsPerSecond": None, "arrivals": arrivals, **given}


def settings(folder, **traffic_of):
    """By server; None for one without."""
    servers = {
        name: {"url": f"http://{name}/mcp", "weight": 1, "missing": None, "traffic": one}
        for name, one in traffic_of.items()
    }
    return {"source": "loadtest.yaml", "isAimed": False, "folder": str(folder), "servers": servers}


def _step(one):
    if isinstance(one, list):
        return {"parallel": one}
    return {"pause": {"fromMs": one, "toMs": one}} if isinstance(one, (int, float)) else {"operation": one}
