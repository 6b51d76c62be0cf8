"""Look-up values are what they were, whichever way they are worked out."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

from gateway.privacy import Vault

VAULT = Vault({"new": b"n" * 32, "old": b"o" * 32})
PHONES = [f"+9230012{number:05d}" for number in range(500)]


def test_the_first_of_a_phones_keys_is_the_one_that_writes():
    for phone in PHONES[:20]:
        assert VAULT.phone_key(phone) == VAULT.phone_keys(phone)[0] != VAULT.phone_keys(phone)[1]


def test_threads_share_the_prepared_keys():
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(VAULT.phone_key, PHONES * 4))
        marks = list(threads.map(lambda phone: VAULT.trail_mark("s", phone), PHONES * 4))
    assert keys == [VAULT.phone_keys(phone)[0] for phone in PHONES] * 4
    assert marks[: len(PHONES)] == marks[-len(PHONES) :]
    assert len(set(marks)) == len(PHONES)


def test_a_mark_tells_sessions_and_trails_apart_and_is_keyed():
    assert VAULT.trail_mark("s", "1*2") == VAULT.trail_mark("s", "1*2")
    assert VAULT.trail_mark("s", "1*2") not in {
        VAULT.trail_mark("s", "1*23"),
        VAULT.trail_mark("t", "1*2"),
        Vault({"new": b"x" * 32}).trail_mark("s", "1*2"),
        blake2b(b"s\n1*2", digest_size=16).hexdigest(),
    }
