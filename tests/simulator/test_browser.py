"""The page in a real browser: by mouse, by keyboard alone, on a narrow window, and without script."""

import re

import pytest
import requests
from playwright.sync_api import expect

BODY = "8171: Rs 13,500 is ready."


@pytest.fixture
def tab(browser, stand_in):
    """An open page that fails the test if the browser had anything to complain about."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{stand_in.url}/simulator")
    yield page
    context.close()
    assert [text for text in complaints if "409 (CONFLICT)" not in text] == []


def screen(page):
    return page.locator("#screen")


def send_sms(url: str, phone: str = "+923001234501") -> None:
    answer = requests.post(
        f"{url}/simulator/version1/messaging",
        {"username": "sandbox", "to": phone, "message": BODY},
        headers={"apiKey": "demo-api-key"},
        timeout=10,
    )
    assert answer.status_code == 201


def test_a_call_by_mouse(tab, stand_in):
    stand_in.label = "common.home"
    expect(tab.get_by_text("Demo: synthetic people")).to_be_visible()
    tab.get_by_role("button", name="Dial").click()
    expect(screen(tab)).to_contain_text("1 My money")
    facts = tab.locator("#facts")
    expect(facts).to_contain_text("GSM-7")
    expect(facts).to_contain_text("of 160")
    expect(facts).to_contain_text("common.home")
    tab.get_by_role("button", name="1", exact=True).click()
    tab.locator("#send").click()
    expect(screen(tab)).to_contain_text("You typed 1")
    expect(tab.locator("#keys")).to_have_value("")
    tab.get_by_role("button", name="Type CNIC").click()
    expect(tab.locator("#keys")).to_have_value("3520212345012")
    tab.get_by_role("button", name="Send this hop twice").click()
    expect(facts).to_contain_text("both answers are equal")
    expect(facts).to_contain_text(re.compile(r"Hop\s*3"))
    tab.get_by_role("button", name="Drop the call").click()
    expect(screen(tab)).to_contain_text("dropped")
    expect(tab.get_by_role("button", name="Drop the call")).to_be_disabled()
    expect(tab.get_by_role("button", name="Let time run out")).to_be_disabled()
    assert "3520212345012" not in tab.url
    assert stand_in.wait_for("ussd-ended")[0].form["input"] == "1*3520212345012"


def test_a_call_and_a_text_by_keyboard_alone(tab, stand_in):
    tab.keyboard.type("d")
    expect(screen(tab)).to_contain_text("1 My money")
    tab.keyboard.type("12")
    tab.keyboard.press("Backspace")
    tab.keyboard.press("Enter")
    expect(screen(tab)).to_contain_text("You typed 1")
    tab.keyboard.type("a")
    tab.keyboard.type("dal 0")
    tab.keyboard.press("Enter")
    expect(screen(tab)).to_contain_text("You typed 1*dal 0")
    tab.keyboard.type("5")
    tab.keyboard.press("Escape")
    expect(tab.locator("#keys")).to_have_value("")
    tab.keyboard.press("Escape")
    expect(screen(tab)).to_contain_text("dropped")
    tab.locator("#keys").evaluate("field => field.blur()")
    tab.keyboard.type("m")
    tab.keyboard.type("HELP")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#thread")).to_contain_text("taken by 8171")
    assert stand_in.of("sms")[0].form["text"] == "HELP"
    tab.locator("#shortcuts").uncheck()
    tab.locator("#shortcuts").evaluate("box => box.blur()")
    hops = len(stand_in.of("ussd"))
    tab.keyboard.type("d")
    tab.wait_for_timeout(300)
    assert len(stand_in.of("ussd")) == hops


def test_every_control_can_be_reached_and_is_seen_in_focus(tab):
    reached = set()
    for _ in range(90):
        tab.keyboard.press("Tab")
        one = tab.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e); if (e === document.body) return ['', true];"
            " return [e.id || e.textContent.trim(), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; }"
        )
        if not one[0] and reached:
            break
        assert one[1], f"{one[0]} shows no focus"
        reached.add(one[0])
    assert {"keys", "send", "cancel", "dial", "twice", "body", "Send SMS", "shortcuts"} <= reached


def test_messages_come_in_by_themselves(tab, stand_in):
    send_sms(stand_in.url)
    expect(tab.locator("#thread")).to_contain_text(BODY)
    expect(tab.locator("#thread")).to_contain_text("reported Success")
    tab.locator("a", has_text="stranger").click()
    expect(tab.locator(".person")).to_contain_text("+923001234520")
    expect(tab.locator("#thread")).to_contain_text("No messages yet")


def test_a_text_and_a_hop_do_not_wait_for_each_other(tab, stand_in):
    stand_in.slow = 0.6
    tab.locator("#body").fill("HELP")
    tab.locator("#dial").click()
    tab.get_by_role("button", name="Send SMS").click()
    expect(tab.locator("#thread")).to_contain_text("HELP")
    expect(screen(tab)).to_contain_text("1 My money")
    assert len(stand_in.of("ussd")) == len(stand_in.wait_for("sms")) == 1


def test_urdu_runs_from_the_right(tab, stand_in):
    stand_in.page = lambda text: "CON 1 میری رقم\n2 English"
    tab.locator("#send").click()
    expect(screen(tab)).to_contain_text("2 English")
    urdu, english = screen(tab).locator(".line").all()
    assert urdu.evaluate("line => getComputedStyle(line).direction") == "rtl"
    assert english.evaluate("line => getComputedStyle(line).direction") == "ltr"
    expect(tab.locator("#facts")).to_contain_text("UCS-2")
    assert screen(tab).get_attribute("aria-live") == "polite"


def test_a_fault_is_shown_as_it_is(tab, stand_in):
    stand_in.page = lambda text: ("<b>boom</b>", 500, {})
    tab.locator("#send").click()
    expect(screen(tab)).to_contain_text("unexpected response code: 500")
    expect(screen(tab)).to_contain_text("<b>boom</b>")


def test_a_refused_press_says_why_and_keeps_what_was_typed(tab):
    tab.locator("#keys").fill("hello")
    tab.locator("#send").click()
    expect(screen(tab)).to_contain_text("begins with *")
    expect(tab.locator("#keys")).to_have_value("hello")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 720), (800, 600)])
def test_it_fits_the_window(tab, width, height):
    tab.set_viewport_size({"width": width, "height": height})
    tab.reload()
    tab.locator("#dial").click()
    expect(screen(tab)).to_contain_text("1 My money")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.locator("#twice").scroll_into_view_if_needed()
    expect(tab.locator("#twice")).to_be_in_viewport()
    if (width, height) == (1280, 720):
        assert tab.evaluate("document.documentElement.scrollHeight") <= height
        for part in ("#screen", "#drop", "#body", "#shortcuts"):
            expect(tab.locator(part)).to_be_in_viewport()


def test_text_stands_out_from_its_ground(tab):
    """WCAG AA: 4.5 to 1 for each text on the colour behind it; gradients count by their lightest colour."""
    tab.locator("#dial").click()
    expect(screen(tab)).to_contain_text("1 My money")
    poor = tab.evaluate(CONTRAST)
    assert poor == []


def test_it_works_without_script(browser, stand_in):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stand_in.url}/simulator?caller=kenya")
    page.locator("#send").click()
    expect(screen(page)).to_contain_text("1 My money")
    page.locator("#keys").fill("2")
    page.locator("#keys").press("Enter")
    expect(screen(page)).to_contain_text("You typed 2")
    page.locator("#body").fill("HELP")
    page.get_by_role("button", name="Send SMS").click()
    expect(page.locator("#thread")).to_contain_text("HELP")
    assert stand_in.of("ussd")[1].form["phoneNumber"] == "+254711000521"
    expect(page.locator(".pad")).to_be_hidden()
    context.close()


CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.disabled || !e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([e.className || e.tagName, e.textContent.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return poor;
}"""
