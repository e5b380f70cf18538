"""What the stub promises of the native engine is what the engine has."""

import subprocess
import sys


def test_the_native_engines_stub_is_true() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "cordon._native"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
