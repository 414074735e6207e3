"""The bundle as a tool that runs and ends: it describes the settings, and finishes the record of a run."""

import json
import logging
import os
import subprocess
from typing import IO, Any, Dict, List, Optional

from bridge_process import plain_environ, without_core_dump
from load_options import TypedLoad, as_arguments
from refusal import Refusal

DESCRIBE_LIMIT_S = 30.0
FINISH_LIMIT_S = 60.0

logger = logging.getLogger("swarmbridge")


def describe(command: List[str], project: str, load: TypedLoad) -> Dict[str, Any]:
    """
    :param project: folder of the locustfile
    :param load: what Locust was given of the load
    :returns: the settings that the bridge would send in its hello
    :raises Refusal: with what is wrong in the configuration
    """
    try:
        ran = subprocess.run(
            without_core_dump([*command, "describe", "--project", project, *as_arguments(load)]),
            # It says which credentials are there, and fills in ${NAME}: any variable may be meant, but for one.
            env={name: value for name, value in os.environ.items() if name != "SWARMBRIDGE_HTTP_TOKEN"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=DESCRIBE_LIMIT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(f"The settings could not be read with {command[0]}: {error}.") from error
    if ran.returncode != 0:
        said = ran.stderr.decode("utf-8", "replace").strip()
        raise Refusal(said or "The bridge could not read the settings and did not say why.", ran.returncode)
    return json.loads(ran.stdout)


def finish(command: List[str], folder: str, facts: Dict[str, Any], out: "Optional[IO[str]]") -> None:
    """
    Merges the parts of a run's record and prints its summary.

    :param facts: what Locust counted, to be compared
    :param out: where the summary goes; None for nowhere
    """
    try:
        ran = subprocess.run(
            [*command, "finish", folder],
            env=plain_environ(),
            input=json.dumps(facts).encode(),
            stdout=subprocess.DEVNULL if out is None else out,
            timeout=FINISH_LIMIT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The record in %s could not be finished: %s.", folder, error)
        return
    if ran.returncode != 0:
        logger.error("The record in %s could not be finished (code %d).", folder, ran.returncode)
