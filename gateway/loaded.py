"""A note in the data folder that says which demo registry was loaded, and on which day, so that a start can be quick.

The demo's dates count from the day of loading, so another day is another registry.
"""

from hashlib import sha256
from pathlib import Path

from gateway import __version__, clock
from gateway.settings import Settings


def is_current(settings: Settings) -> bool:
    """Whether these very files were loaded today into this very database."""
    try:
        return _note(settings).read_text("utf-8") == _mark(settings)
    except OSError:
        return False


def note(settings: Settings) -> None:
    _note(settings).write_text(_mark(settings), "utf-8")


def forget(settings: Settings) -> None:
    _note(settings).unlink(missing_ok=True)


def _note(settings: Settings) -> Path:
    return settings.data_dir / "demo.loaded"


def _mark(settings: Settings) -> str:
    digest = sha256(f"{__version__}\n{clock.today()}\n{settings.sql_url}\n".encode())
    for path in (*sorted((settings.config / "demo").glob("*.csv")), settings.config / "programmes.yaml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()
