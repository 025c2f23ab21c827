"""The Prefect flow on a real embedded server: the same outcomes, a task a step, nothing of an exception or a value in its database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Town

SCRIPT = """
import json, sys
from pathlib import Path
from config.project import load
from flows import prefect_flows
prefect_flows.DELAYS = (0.1, 0.1)
config, home = map(Path, sys.argv[1:])
project = load(config, env={})
outcomes = prefect_flows.run_with_prefect(project, home, tuple(project.datasets))
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    tasks = client.read_task_runs(limit=200)
    flows = client.read_flow_runs()
    artifacts = client.read_artifacts()
print(json.dumps({
    "outcomes": {outcome.dataset: outcome.outcome for outcome in outcomes},
    "tasks": {task.name: [task.state_name, task.run_count] for task in tasks},
    "messages": [task.state.message for task in tasks if task.state.message],
    "flows": [flow.state_name for flow in flows],
    "artifacts": sorted({artifact.key for artifact in artifacts}),
}))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_flow_is_the_same_walk_with_a_task_a_step(small: Town, tmp_path: Path) -> None:
    (small.config / "data" / "tellingen.csv").unlink()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"PREFECT_HOME": str(tmp_path / "prefect")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, str(small.config), str(small.home)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["outcomes"] == {"bomen": "published", "tellingen": "failed", "meldingen": "awaiting-approval"}
    assert told["flows"] == ["Failed"]
    assert told["tasks"]["extract · bomen"] == ["Completed", 1]
    assert told["tasks"]["extract · tellingen"] == ["Onbereikbaar", 3]
    assert told["tasks"]["decide · meldingen"][0] == "Awaiting-approval"
    assert told["tasks"]["portal · site"][0] == "Completed"
    assert "kwaliteit-bomen" in told["artifacts"]
    assert "source.not-found" in told["messages"]
    database = (tmp_path / "prefect" / "prefect.db").read_bytes()
    for value in (b"bewoner17@mail.example", b"Quercus", b"bel mij", b"Traceback", str(small.config / "data").encode()):
        assert value not in database
