"""Pay points flagged for callers: one caller counts once, several mark it, and a supervisor lifts the flags."""

import re

from gateway.core.embedded.pay_points import MARKED_AT
from gateway.core.port.pay_points import FlagReason
from tests.console.acting import act
from tests.console.phones import person_of
from tests.transcripts.script import cast

READY = cast()["ready"]


def test_one_caller_counts_once_and_several_mark_it(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    pay_points = gateway.services.core.pay_points
    point, before = pay_points.near(person)[0], len(gateway.texts_to(READY["phone"]))
    page, confirm = act(her, f"/persons/{person}/pay-point", code=point.code, reason="fee")
    assert "Nothing is sent to her." in page.text
    confirm(), confirm()
    act(her, f"/persons/{person}/pay-point", code=point.code, reason="rude")[1]()
    [flagged] = pay_points.flagged()
    assert (flagged.code, flagged.callers, flagged.reasons, flagged.marked) == (
        point.code,
        1,
        (FlagReason.FEE,),
        False,
    )
    assert re.search(r'queues/pay_points"[^>]*>Pay points <span class="count">1<', her.open("/queues").text)
    others = [each for each in range(1, 60) if each != person and point in pay_points.near(each)]
    for other in others[: MARKED_AT - 1]:
        pay_points.flag(point.code, other, FlagReason.LESS, by="staff:1", key=f"flag {other}")
    assert pay_points.count() == 1
    page = her.open("/queues/pay_points").text
    assert point.name in page
    assert "take the flags off" not in page
    assert her.send(f"/pay-points/{point.code}/lift", seen_on="/me").status_code == 403
    officer = colleague("10.0.0.9").sign_in("officer")
    act(officer, f"/pay-points/{point.code}/lift")[1]()
    assert pay_points.flagged() == ()
    assert len(gateway.texts_to(READY["phone"])) == before


def test_a_pay_point_that_is_none_of_hers_gets_the_form_again(gateway, colleague):
    her, person = colleague().sign_in("agent"), person_of(gateway, READY)
    answer = her.send(
        f"/persons/{person}/pay-point", seen_on="/me", code="none", reason="fee", sure="1", key="0" * 32
    )
    assert answer.status_code == 200
    assert gateway.services.core.pay_points.flagged() == ()
