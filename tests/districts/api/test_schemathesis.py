"""A machine that reads the OpenAPI document tries to find an answer that is not what it says."""

import subprocess
import sys
from pathlib import Path

import pytest

from districts.api.schema import document
from tests.districts.api.register import fill

PROGRAM = Path(sys.executable).with_name("schemathesis")
SEED = "20260901"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_running_server_keeps_every_word_of_its_document(live_server, settings, tmp_path):
    fill()
    settings.SITE_URL = live_server.url
    document.cache_clear()  # it names the server
    try:
        tried = subprocess.run(
            [
                PROGRAM,
                "run",
                f"{live_server.url}/api/v1/openapi.json",
                "--checks=all",
                "--max-examples=8",
                "--generation-deterministic",
                f"--seed={SEED}",
                "--phases=examples,coverage,fuzzing",
                "--request-timeout=30",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=500,
        )
    finally:
        document.cache_clear()
    assert tried.returncode == 0, tried.stdout[-8000:] + tried.stderr[-2000:]
    assert "Tested: 33" in tried.stdout or "33 passed" in tried.stdout, tried.stdout[-3000:]
