from datetime import timedelta

from gateway import clock


def her(core, phone):
    return core.registry.persons_on(phone)[0].id


def test_each_child_at_school(core):
    girl, boy = core.schools.children(her(core, "+923001234502"))
    assert [(each.name, each.level, each.standing) for each in (boy, girl)] == [
        ("Hamza", "primary", "student"),
        ("Ayesha", "secondary", "student"),
    ]
    assert (boy.attendance.percent, boy.attendance.standing, boy.rate) == (84, "met", 2000)
    assert (girl.attendance.percent, girl.attendance.standing, girl.rate) == (61, "failed", 3500)


def test_who_has_no_children_or_nobody_at_all(core):
    assert core.schools.children(her(core, "+923001234517")) == ()
    assert core.schools.children(987654) == ()


def test_the_next_visit_and_the_packet(core):
    (care,) = core.nutrition.cases(her(core, "+923001234512"))
    assert (care.stage, care.standing, care.name, care.amount) == ("pregnant", "active", "", 2000)
    assert (care.visit.kind, care.visit.place, care.visit.late) == ("antenatal", "Nashonuma Larkana", False)
    assert care.visit.due_on == care.packet.due_on == clock.today() + timedelta(days=9)


def test_a_family_without_a_case(core):
    assert core.nutrition.cases(987654) == ()
    assert core.nutrition.may_register(her(core, "+923001234501"))
    assert not core.nutrition.may_register(her(core, "+923001234506"))
