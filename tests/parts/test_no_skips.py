import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOME = "import pytest\n\ndef test_runs(): pass\n\n@pytest.mark.skip(reason='later')\ndef test_waits(): pass\n"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_skipped_test_fails_the_run_where_skips_are_forbidden(tmp_path, ci, code, workers):
    (tmp_path / "test_some.py").write_text(SOME)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.parts.no_skips", "-p", "no:cacheprovider", *workers,
         "--rootdir", tmp_path, "-c", "/dev/null", tmp_path],
        cwd=ROOT, env={"CI": ci, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "not run: " in done.stdout
