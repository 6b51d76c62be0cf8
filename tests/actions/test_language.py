from tests.actions.small_core import SmallRegistry, ask, small_core


def test_every_offered_language_is_listed_by_its_own_name(run):
    outcome = run("offered_languages", small_core(), ask())
    assert outcome.values["languages"] == (
        {"id": "ur_Latn", "language": "Roman Urdu"},
        {"id": "en", "language": "English"},
    )


def test_the_language_picked_is_spoken(run):
    assert run("speak_language", small_core(), ask(picked="en")).language == "en"


def test_a_language_that_is_not_offered_changes_nothing(run):
    assert run("speak_language", small_core(), ask(picked="xx")).language is None


def test_it_is_remembered_for_the_phone_and_the_session(run):
    registry = SmallRegistry()
    run("remember_language", small_core(registry=registry), ask(language="ur"))
    assert registry.languages == {"+923001234501": ("ur", "session")}
