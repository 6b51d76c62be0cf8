from gateway.privacy import Vault

READY, SHARED, STRANGER = "+923001234501", "+923001234515", "+923001234520"
DECEASED = "+923001234513"


def test_a_phone_speaks_for_whom_it_is_linked_to(core):
    (she,) = core.registry.persons_on(READY)
    assert (she.cnic_last4, she.has_pin, she.details_by_sms, she.pin_chosen_in) == ("5012", True, True, None)


def test_a_shared_phone_speaks_for_both_oldest_link_first(core):
    first, second = core.registry.persons_on(SHARED)
    assert (first.cnic_last4, second.cnic_last4) == ("5156", "5168")
    assert not first.details_by_sms
    assert first.id != second.id


def test_who_is_recorded_as_deceased_is_marked(core):
    assert [person.alive for person in core.registry.persons_on(DECEASED)] == [False]
    assert [person.alive for person in core.registry.persons_on(READY)] == [True]


def test_a_strangers_phone_speaks_for_nobody(core):
    assert core.registry.persons_on(STRANGER) == ()
    assert core.registry.contact(STRANGER).language is None


def test_a_stranger_has_a_language_too(core):
    core.registry.choose_language(STRANGER, "ur", "first")
    contact = core.registry.contact(STRANGER)
    assert (contact.language, contact.chosen_in, contact.language_before) == ("ur", "first", None)
    assert core.registry.persons_on(STRANGER) == ()


def test_a_phone_is_found_again_by_its_look_up_value(core):
    vault = Vault({"test": b"k" * 32})
    assert core.registry.phone_of(vault.phone_key(READY)) == READY
    assert core.registry.phone_of(vault.phone_key("+923009999999")) is None


def test_what_held_before_a_session_is_kept_however_often_it_chooses(core):
    core.registry.choose_language(READY, "en", "first")
    for language in ("ur", "ur_Latn", "ur_Latn"):
        core.registry.choose_language(READY, language, "second")
    contact = core.registry.contact(READY)
    assert (contact.language, contact.chosen_in, contact.language_before) == ("ur_Latn", "second", "en")


def test_opting_out_and_in_again(core):
    for phone in (READY, STRANGER):
        core.registry.opt_out(phone, True)
        core.registry.opt_out(phone, True)
        assert core.registry.contact(phone).opted_out
        core.registry.opt_out(phone, False)
        assert not core.registry.contact(phone).opted_out


def test_opting_out_leaves_the_language_alone(core):
    core.registry.choose_language(STRANGER, "ur", "s")
    core.registry.opt_out(STRANGER, True)
    assert core.registry.contact(STRANGER).language == "ur"


def test_a_core_that_answers_says_so(core):
    core.ping()
