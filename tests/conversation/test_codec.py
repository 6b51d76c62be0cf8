import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation.codec import UnreadableSession, dump, dump_deferred, load, load_deferred
from gateway.conversation.session import Deferred, Frame, Session

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.dictionaries(
    TEXT, st.integers(-(2**53), 2**53) | TEXT | st.lists(st.dictionaries(TEXT, TEXT), max_size=3)
)
FRAMES = st.builds(Frame, TEXT, TEXT, st.integers(0, 9), VALUES, TEXT)
SESSIONS = st.builds(
    Session,
    id=TEXT,
    phone_key=TEXT,
    language=TEXT,
    screen=TEXT,
    frame=st.none() | FRAMES,
    frames=st.lists(FRAMES, max_size=3),
    pending=st.none() | TEXT,
    resume=st.none() | TEXT,
    chosen=st.booleans(),
    granted=st.sets(TEXT),
    person=st.none() | st.integers(0),
    kept=st.dictionaries(TEXT, TEXT),
    tries=st.integers(0, 3),
    turn=st.integers(0, 99),
    trail_length=st.integers(0, 999),
    trail_mark=TEXT,
    shown=TEXT,
    ended=st.booleans(),
    decided=st.booleans(),
    menu_version=TEXT,
    medium=TEXT,
)


@given(SESSIONS)
def test_a_session_comes_back_as_it_was(session):
    assert load(dump(session)) == session


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"[2]", b"[1]", b"\xff", b"null", b'[1,"a","b"]', b"7"])
def test_what_another_release_wrote_is_a_lost_session(raw):
    with pytest.raises(UnreadableSession):
        load(raw)


def test_a_session_is_small(caller):
    assert len(dump(caller.dial().send("1", "1", "4821").session)) < 700


def test_a_deferred_answer_comes_back_with_its_phone():
    deferred = Deferred("latest", "money.latest", "s/money.latest/8", 7, None, "3", {"a": "b"}, "ur")
    assert load_deferred(dump_deferred(deferred, "+923001234501")) == (deferred, "+923001234501")
    with pytest.raises(UnreadableSession):
        load_deferred("[1]")
