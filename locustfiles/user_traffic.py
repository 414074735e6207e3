"""One user's way through its server's `traffic`: chooses an item, has its arguments ready, and does its steps."""

import random
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, ContextManager, Dict, List, Optional

import gevent
from locust.exception import RescheduleTask
from locust.user.task import LOCUST_STATE_STOPPING

from bridge_link import LinkEnded
from made_arguments import MadeArguments
from mcp_errors import McpError
from parallel import Request
from refusal import Refusal
from traffic_operation import TrafficOperation
from traffic_plan import Item, NothingLeft, Step, TrafficPlan
from traffic_values import CallValues, Saved

if TYPE_CHECKING:
    from mcp_user import McpUser


class UserTraffic:
    """
    :param process: which of several this one is: users of one number in two processes are two users
    """

    def __init__(self, user: "McpUser", plan: TrafficPlan, process: int) -> None:
        self._user = user
        self._plan = plan
        self._seed = f"{plan.seed}/{plan.server}/{process}/{user.client.session.user_number}"
        self._dice = random.Random(self._seed)
        self._made: Dict[str, MadeArguments] = {}
        self._has_idled = False
        self._next: Optional[Item] = None

    def do_next(self) -> None:
        """
        One item, or one burst of them.

        :raises McpError: when an operation failed; it is counted, and ends the item
        :raises NothingLeft: when the mix has nothing that can be done
        """
        burst = self._plan.burst
        if not burst:
            item, self._next = self._next or self._ready_item(), None
            self._do(item)
            return
        if not self._has_idled:
            # The gap comes first: all users would begin with a burst at the same moment.
            self._has_idled = True
            return
        # Before the turn: a list of tools is none of it.
        self.prepare()
        with self._turn(burst.turn):
            for number in range(self._dice.randint(burst.least, burst.most)):
                if number:
                    gevent.sleep(self._plan.pause(self._user, self._dice))
                if self._user._state == LOCUST_STATE_STOPPING:
                    return
                self._do(self._ready_item())

    def pause(self) -> float:
        """Seconds until the next item, or burst."""
        burst = self._plan.burst
        return burst.idle.draw(self._dice) if burst else self._plan.pause(self._user, self._dice)

    def prepare(self) -> None:
        """Looks at the server's tools. What is done here is not what was planned for the moment."""
        with self._user.client.session.unplanned():
            self._plan.look(self._user.client)

    def get_ready(self) -> None:
        """Has the next item and its arguments, before a planned start is taken: a free user calls at once."""
        if not self._plan.burst and not self._next:
            # What stands in the way the next item finds again, and says so.
            with suppress(McpError, NothingLeft, RescheduleTask):
                self._next = self._ready_item()

    def _ready_item(self) -> Item:
        """The arguments of all its calls are there: none is made while it runs."""
        self.prepare()
        while True:
            item = self._plan.choose(self._dice)
            if all(self._are_ready(tool, count) for tool, count in item.made.items()):
                return item

    def _are_ready(self, tool: str, count: int) -> bool:
        try:
            self._made_for(tool).prepare(count)
            return True
        except Refusal as refusal:
            self._plan.leave_out(tool, str(refusal))
            return False
        except LinkEnded as error:
            # No call was begun, so nothing is counted; the task ends, and the next one finds a new bridge.
            raise RescheduleTask from error

    def _made_for(self, tool: str) -> MadeArguments:
        if tool not in self._made:
            schema = self._plan.schema_of(tool)
            self._made[tool] = MadeArguments(self._user.client.session, tool, schema, self._seed)
        return self._made[tool]

    def _do(self, item: Item) -> None:
        saved: Saved = {}
        with self._turn(item.turn):
            for step in item.steps:
                self._do_step(step, saved)

    def _do_step(self, step: Step, saved: Saved) -> None:
        if step.pause:
            gevent.sleep(step.pause.draw(self._dice))
        elif step.is_parallel:
            requests: List[Request] = []
            for operation in step.operations:
                requests += [self._request(operation, saved) for _ in range(operation.times)]
            self._user.client.parallel(requests)
        else:
            for operation in step.operations:
                for _ in range(operation.times):
                    self._user.client.session.call(*self._request(operation, saved))

    def _request(self, operation: TrafficOperation, saved: Saved) -> Request:
        made: Optional[Dict[str, Any]] = None
        if operation.is_made and operation.tool:
            made = self._made_for(operation.tool).take()
        return operation.request(CallValues(self._plan.data, self._dice, saved), made, saved, self._dice)

    def _turn(self, name: Optional[str]) -> ContextManager[Any]:
        return self._user.turn(name) if name else nullcontext()
