import re

from gateway.conversation.graph import draw


def test_every_screen_and_every_way_is_drawn(book):
    drawn = draw(book)
    assert drawn.startswith("flowchart LR\n")
    for name in book.screens:
        assert f'"{name}"' in drawn
    assert len(re.findall(r" -->\|", drawn)) == len(book.edges)
    assert '  s_common_home -->|"money"| s_money_home' in drawn


def test_gates_are_drawn_once(book):
    drawn = draw(book)
    assert drawn.count('needs_pin{"needs pin"} -.-> s_gate_pin') == 1
    assert "s_money_latest -.-o needs_pin" in drawn


def test_traffic_is_counted_on_the_ways(book):
    drawn = draw(book, {"common.home/money": 1200, "money.home/latest": 300})
    assert '|"money 1,200"|' in drawn
    assert "stroke-width:8px" in drawn
    assert '|"offices 0"|' in drawn
