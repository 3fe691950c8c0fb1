"""What becomes of a deployed run that breaks off: another takes its place, unless only a person can mend the cause.

`begin` and `try_again` are hooks of the flow. Prefect calls them when a run enters a state, in the process of the
run or, where that has died, in the one that started it. Runs without a deployment, those of `myoclaims run`, are left
alone: a person waits for their message.
"""

import atexit
import logging
import platform
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import Flow, State
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ParameterTypeError
from prefect.logging.loggers import flow_run_logger
from prefect.states import Scheduled
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.fetching.catalog import CatalogError
from pipeline.language.errors import ModelError
from pipeline.lifeline import end_with_parent
from pipeline.prefect_local import wind_down
from pipeline.serving.ending import end_for_certain
from pipeline.settings import SettingsError
from pipeline.store import StoreError

# A database that another run is building is among them: that run brings it up to date.
FOR_A_PERSON = (CatalogError, SettingsError, ModelError, StoreError, ParameterTypeError)
# Labels of a run: the machine on which it began; if it is a later try also its number, and the name of the first.
MACHINE = "myoclaims.machine"
TRY = "myoclaims.try"
FIRST = "myoclaims.first"


class Patience(BaseSettings):
    """How often a run that broke off is tried again, and after how many seconds: `MYOCLAIMS_RETRY_…`."""

    model_config = SettingsConfigDict(env_prefix="MYOCLAIMS_RETRY_", frozen=True, extra="forbid")

    times: int = Field(default=3, ge=0, le=100)
    after_s: float = Field(default=300.0, ge=0.0, le=86400.0)


def load_patience() -> Patience:
    """From the environment. Raises SettingsError that names the variable, what it holds and what is expected."""
    try:
        return Patience()
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"MYOCLAIMS_RETRY_{fault['loc'][0]}".upper()
        raise SettingsError(f"{name} is {fault['input']!r}: {fault['msg'].lower()}") from None


def begin(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """When a deployed run begins: it says what it does and where, and ends with the process that started it."""
    if flow_run.deployment_id is None:
        return
    logging.getLogger("pipeline").setLevel(logging.INFO)
    atexit.register(wind_down)
    end_with_parent()
    end_for_certain()
    with get_client(sync_client=True) as client:
        client.update_flow_run_labels(flow_run.id, {MACHINE: platform.node()})


def try_again(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """When a deployed run failed or crashed: another takes its place after a while, unless a person is needed."""
    if flow_run.deployment_id is None:
        return
    log = flow_run_logger(flow_run, flow)
    if state.is_failed() and isinstance(state.result(raise_on_failure=False), FOR_A_PERSON):
        log.error("This is not tried again: a person has to mend it first.")
        return
    with get_client(sync_client=True) as client:
        log.warning("Broken off: %s", begin_again(client, flow_run, timedelta(seconds=load_patience().after_s)))


def begin_again(client: SyncPrefectClient, flow_run: FlowRun, wait: timedelta) -> str:
    """Plan another run in the place of `flow_run`, a deployed one that broke off, after `wait`; says so in words.

    After the last try there is none. It is another run and not another state of the same one: of a process that died
    a worker says that its run crashed once more, whatever state that run has got meanwhile.
    """
    tries = 1 + load_patience().times
    tried = int(str(flow_run.labels.get(TRY, 1)))
    if flow_run.deployment_id is None or tried >= tries:
        return f"given up after {tried} tries"
    due = datetime.now(UTC) + wait
    first = str(flow_run.labels.get(FIRST, flow_run.name))
    client.create_flow_run_from_deployment(
        flow_run.deployment_id,
        parameters=flow_run.parameters,
        state=Scheduled(scheduled_time=due, message=f"{flow_run.name} was broken off."),
        name=f"{first}, try {tried + 1}",
        labels={FIRST: first, TRY: tried + 1},
        idempotency_key=f"after {flow_run.id}",
    )
    return f"try {tried + 1} of at most {tries} is due at {due:%Y-%m-%d %H:%M:%S} UTC"
