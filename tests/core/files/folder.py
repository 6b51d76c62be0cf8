"""A registry of a few people with a loan centre and a hospital, and files for it written by a test."""

from pathlib import Path

from sqlalchemy import insert

from gateway.core.embedded import programme_rows, tables
from gateway.core.embedded.files.registry import import_registry
from gateway.core.embedded.programmes import load_programmes
from tests.core.people import VAULT, Person, settle, settle_places

FACILITIES = (("akhuwat", "loan_centre", "Akhuwat One"), ("mayo", "hospital", "Mayo Hospital"))


def furnish(database) -> Person:
    """One family in Punjab, a loan centre, a hospital, and the programmes that are shipped."""
    with database.writing() as connection:
        settle_places(connection)
        programme_rows.store(connection, load_programmes(Path("config/programmes.yaml")))
        for code, kind, name in FACILITIES:
            connection.execute(
                insert(tables.facility).values(
                    code=code, kind=kind, tehsil="model_town", name=name, services=[]
                )
            )
        return settle(connection)


def give(database, folder: Path, **files: str) -> dict[str, tuple[int, int, int]]:
    """Take files by name, `loans=` for loans.csv; (added, changed, same) of each. Raises FileFault."""
    for path in folder.glob("*.csv"):
        path.unlink()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    taken = import_registry(folder, database, VAULT, allow_pins=False)
    return {each.name: (each.added, each.changed, each.same) for each in taken}
