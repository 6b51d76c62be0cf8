import re
from pathlib import Path

import pytest

from gateway.simulator import cast

CAST = Path(__file__).resolve().parents[2] / "config" / "demo" / "cast.csv"


def test_the_cast_is_whole_and_says_that_it_is_the_demos():
    callers = {caller.key: caller for caller in cast.read(CAST)}
    assert len(callers) == 21
    assert CAST.read_text(encoding="utf-8").startswith("# The demo's callers")
    for caller in callers.values():
        assert re.fullmatch(r"\+(923|254)\d{9}", caller.phone)
        assert re.fullmatch(r"(\d{5}-\d{7}-\d)?", caller.cnic)
        assert re.fullmatch(r"(\d{4})?", caller.pin)
        assert caller.name
        assert caller.hears
    assert callers["shared-a"].phone == callers["shared-b"].phone
    assert {key for key, caller in callers.items() if not caller.pin} == {
        "unsurveyed",
        "deceased",
        "stranger",
        "kenya",
    }


def test_another_file_is_no_cast(tmp_path):
    other = tmp_path / "cast.csv"
    other.write_text("key,name\nready,A\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns must be"):
        cast.read(other)
    other.write_text("# nobody\nkey,name,phone,cnic,pin,hears\n", encoding="utf-8")
    with pytest.raises(ValueError, match="nobody"):
        cast.read(other)
