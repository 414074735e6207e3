"""
Ties the bridge to Locust. Importing it is enough: when Locust has read its options (`init`, after a fork for
``--processes``), each process with users gets a bridge of its own, and a master reads the settings alone.

The bridge ends in `quit`: on SIGTERM and Ctrl-C `quitting` comes while users still run. Should Locust end in any other
way, the bridge sees the end of its socket.
"""

from pathlib import Path
from typing import Any, Callable, Protocol, Tuple
from weakref import WeakKeyDictionary

from gevent.event import AsyncResult, Event
from locust import events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import auto_stop
import ctrl_c
import fine_percentiles
import live_console
import load_options
import load_shape
import quiet_tables
import web_tab
from arrivals import Arrivals
from azure_engine import engine_here, place_results
from bridge_keeper import BridgeKeeper
from bridge_process import bridge_command
from bridge_tool import describe
from refusal import Refusal, end_process
from run_plan import locustfile_of
from server_choice import apply_settings
from swarm_local import SwarmLocal
from swarm_master import SwarmMaster
from swarm_process import SwarmProcess
from swarm_worker import SwarmWorker
from tally import Tally

QUIT_LIMIT_S = 60.0
ATTACH_LIMIT_S = 60.0
# Under this name Locust's events hold what this module knows.
_MARK = "_swarmbridge"


class Swarm(Protocol):
    """What a process does about a test run: a single one, a master, a worker."""

    def start(self) -> None: ...

    def quit(self) -> None: ...


class _Known:
    """What this module knows, kept on Locust's events, where each copy of the module finds it."""

    def __init__(self) -> None:
        self.processes: "WeakKeyDictionary[Environment, SwarmProcess]" = WeakKeyDictionary()
        self.swarms: "WeakKeyDictionary[Environment, AsyncResult[Swarm]]" = WeakKeyDictionary()


def bridge_of(environment: Environment) -> "Tuple[BridgeKeeper, Tally]":
    """
    :raises RuntimeError: when Locust is used as a library and `attach` was not called
    """
    process = _known().processes.get(environment)
    if not process:
        raise RuntimeError("this environment has no bridge: call swarm.attach(environment) after creating its runner")
    return process.keeper, process.tally


def arrivals_of(environment: Environment) -> Arrivals:
    """To be asked after `bridge_of`, which says what is wrong when there is no bridge."""
    return _known().processes[environment].arrivals


def attach(environment: Environment, **_: Any) -> None:
    """Ends the process with one sentence and the exit code 3 when the configuration is wrong or a part is missing."""
    try:
        swarm = _swarm_for(environment)
    except Refusal as refusal:
        end_process(refusal)
    if environment.events is not events:
        environment.events.test_start.add_listener(_start)
    is_headless = getattr(environment.parsed_options, "headless", False)
    if environment.shape_class and is_headless and not isinstance(environment.runner, WorkerRunner):
        ctrl_c.take_sigterm(environment)
    if isinstance(swarm, (SwarmLocal, SwarmMaster)):
        live_console.install(environment, swarm.lookout)
        if environment.web_ui:
            web_tab.install(environment.web_ui, Path(bridge_command()[1]), swarm.lookout, swarm.runs)
    _quit_once(environment, swarm.quit)
    _swarm_of(environment).set(swarm)


def _swarm_for(environment: Environment) -> Swarm:
    runner = environment.runner
    command = bridge_command()
    fine_percentiles.install()
    quiet_tables.install()
    ctrl_c.defer()
    if isinstance(runner, MasterRunner):
        project = str(Path(locustfile_of(environment)).resolve().parent)
        settings = describe(command, project, load_options.typed_load(environment))
        apply_settings(environment, settings, is_worker=False)
        load_shape.install(environment, settings.get("load"), None)
        master = SwarmMaster(environment, runner, command)
        auto_stop.watch(environment, settings.get("autoStop"), master.reason)
        return master
    engine = engine_here()
    if engine:
        place_results()
    process = SwarmProcess(environment, command, engine)
    # Before the bridge is there: a worker's master may speak to it meanwhile.
    swarm = (
        SwarmWorker(environment, runner, process)
        if isinstance(runner, WorkerRunner)
        else SwarmLocal(environment, command, process, engine)
    )
    try:
        settings = process.start()
        apply_settings(environment, settings, is_worker=isinstance(runner, WorkerRunner))
        load_shape.install(environment, settings.get("load"), engine)
    except Refusal:
        process.quit()
        raise
    _known().processes[environment] = process
    if isinstance(swarm, SwarmLocal) and not engine:
        auto_stop.watch(environment, settings.get("autoStop"), swarm.reason)
    return swarm


def _start(environment: Environment, **_: Any) -> None:
    """A worker that joins a running test is told to spawn users before `init`: it waits here until it has a bridge."""
    swarm = _swarm_of(environment).get(timeout=ATTACH_LIMIT_S)
    assert swarm
    swarm.start()
    load_shape.begin(environment)


def _swarm_of(environment: Environment) -> "AsyncResult[Swarm]":
    return _known().swarms.setdefault(environment, AsyncResult())


def _quit_once(environment: Environment, quit_swarm: Callable[[], None]) -> None:
    """
    On SIGTERM Locust fires `quit` twice, in two greenlets, and whichever is done first ends the process: the second one
    waits for the first.
    """
    is_over = Event()
    greenlets = []

    def on_quit(**_: Any) -> None:
        greenlets.append(None)
        if len(greenlets) > 1:
            is_over.wait(QUIT_LIMIT_S)
            return
        try:
            quit_swarm()
        finally:
            is_over.set()

    environment.events.quit.add_listener(on_quit)


def _known() -> _Known:
    known = getattr(events, _MARK, None)
    if known is None:
        known = _Known()
        setattr(events, _MARK, known)
        events.init_command_line_parser.add_listener(load_options.add_shape_option)
        events.init_command_line_parser.add_listener(live_console.add_option)
        events.init.add_listener(attach)
        events.test_start.add_listener(_start)
    return known


# `locust -f locustfiles` executes each file of the folder as a locustfile, this one again after the others imported it.
_known()
