"""The samples for Docker and systemd, as far as they run without either."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import FOLDER, running_server

ANALYZE = shutil.which("systemd-analyze")
DOCKERFILE = (FOLDER / "Dockerfile").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the image is for Linux")
def test_the_image_runs_with_the_files_copied_into_it_and_checks_its_health(
    environment: dict[str, str], tmp_path: Path
) -> None:
    image = tmp_path / "app"
    for source in re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE):
        copy = shutil.copytree if source.endswith("/") else shutil.copyfile
        image.mkdir(exist_ok=True)
        copy(FOLDER / source, image / source)
    health, command = re.findall(r"CMD (\[.*\])", DOCKERFILE)

    def check(port: int) -> int:
        arguments = json.loads(health.replace("8000", str(port)))
        return subprocess.run([sys.executable, *arguments[1:]], capture_output=True).returncode

    arguments = json.loads(command.replace("0.0.0.0:8000", "127.0.0.1:0"))
    with running_server(environment, *arguments[1:], folder=image) as server:
        assert check(server.port) == 0
        Path(environment["DATABASE_PATH"]).write_bytes(b"x" * 5000)
        assert check(server.port) == 1
    assert check(server.port) == 1


@pytest.fixture
def unit(tmp_path: Path) -> str:
    """The unit, with a gunicorn that exists."""
    if not ANALYZE:
        pytest.skip("systemd-analyze is not installed")
    sample = (FOLDER / "deploy/orders-api.service").read_text()
    copy = tmp_path / "orders-api.service"
    copy.write_text(sample.replace("/opt/orders-api/.venv/bin", str(Path(sys.executable).parent)))
    return str(copy)


def test_systemd_understands_the_unit(unit: str) -> None:
    analyze = subprocess.run([str(ANALYZE), "verify", unit], capture_output=True, text=True)
    assert "orders-api.service" not in analyze.stderr
    assert analyze.returncode == 0, analyze.stderr


def test_the_unit_confines_the_api(unit: str) -> None:
    confined = [str(ANALYZE), "security", "--no-pager", "--offline=yes", "--threshold=20", unit]
    analyze = subprocess.run(confined, capture_output=True, text=True)
    assert analyze.returncode == 0, analyze.stdout + analyze.stderr
