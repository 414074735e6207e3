"""`--shape`, and what else of Locust's options the bridge needs to plan a run's load."""

import os
from typing import Any, Dict

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

# On an engine of Azure Load Testing, or wherever the options of Locust are out of reach.
VARIABLE = "SWARMBRIDGE_SHAPE"

TypedLoad = Dict[str, Any]


def add_shape_option(parser: LocustArgumentParser, **_: Any) -> None:
    """Beside Locust's own, for `locust.conf` (`shape = ...`) and the environment (LOCUST_SHAPE) as well."""
    parser.add_argument(
        "--shape",
        metavar="<shape>",
        env_var="LOCUST_SHAPE",
        default=os.environ.get(VARIABLE) or None,
        include_in_web_ui=False,
        help="Users over time: stages such as 30s:5,60s=10,30s:0, a shape of loadtest.yaml, or smoke, ramp, spike, "
        "staircase, bursts, soak. none: as -u, -r and -t say.",
    )


def typed_load(environment: Environment) -> TypedLoad:
    """For the bridge's `hello`: what was given, and nothing of what was not."""
    options = environment.parsed_options
    given = {
        "shape": getattr(options, "shape", None),
        "users": getattr(options, "num_users", None),
        "runTimeS": getattr(options, "run_time", None),
    }
    return {key: value for key, value in given.items() if value}


def as_arguments(load: TypedLoad) -> "list[str]":
    """The same for the bundle as a tool."""
    words = {"shape": "--shape", "users": "--users", "runTimeS": "--run-time"}
    # One word: a shape that begins with a dash is a wrong shape, and no option.
    return [f"{words[key]}={value}" for key, value in load.items()]
