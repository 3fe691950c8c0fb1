"""Runs that nobody works on any more, although the server believes so: after a power cut, or a killed process."""

import platform
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import Abort
from prefect.states import Cancelled, Crashed
from prefect.utilities.engine import propose_state_sync

from pipeline.lifeline import GRACE_S
from pipeline.serving.retrying import MACHINE, begin_again

AT_WORK = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
GONE = "Nobody served the schedule any more, so the process of this run is gone."


def runs_at_work(client: SyncPrefectClient, deployment: UUID) -> list[FlowRun]:
    """Runs of the deployment that began on this machine, or do not say where, and have not ended; oldest first."""
    found = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=AT_WORK)),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
    )
    return [run for run in found if run.labels.get(MACHINE, platform.node()) == platform.node()]


def end_stranded(client: SyncPrefectClient, deployment: UUID) -> list[str]:
    """End what the server believes at work on this machine, and let the last of it begin anew; says so in words.

    Call it only while nobody serves the deployment here. Until such a run is said to have ended, it holds the place
    of the one run that the deployment may have at a time.
    """
    crashed = []
    for run in runs_at_work(client, deployment):
        state: State[Any] = (Cancelled if run.state_type is StateType.CANCELLING else Crashed)(message=GONE)
        try:
            if propose_state_sync(client, state, flow_run_id=run.id).is_crashed():
                crashed.append(run)
        except Abort:
            continue  # it ended meanwhile
    # If those that served were killed just now, what they had at work is still about to end.
    wait = timedelta(seconds=GRACE_S)
    return [f"Run {run.name!r} was broken off: {begin_again(client, run, wait)}." for run in crashed[-1:]]
