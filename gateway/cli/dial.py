"""`gateway dial`: a phone in the terminal, by hand or with keys given, over the aggregator's own wire."""

import time

import click
import requests
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gateway.simulator import call as calling
from gateway.simulator.call import Call
from gateway.simulator.length import measure
from gateway.simulator.line import Line, open_session
from gateway.simulator.wire import SANDBOX_NETWORK

# Longer inputs are a PIN or a CNIC, and what a terminal shows is copied into tickets.
_SHOWN_INPUT = 2


@click.command()
@click.argument("code")
@click.option("--phone", required=True, metavar="E164", help="the caller's number, such as +923001234501")
@click.option("--keys", metavar="1*2", help="inputs to send, joined by *; then hang up")
@click.option("--url", metavar="URL", help="address of the running gateway")
@click.option("--network", default=SANDBOX_NETWORK, show_default=True, help="network code of the caller")
def dial(code: str, phone: str, keys: str | None, url: str | None, network: str) -> None:
    """Dial CODE ('*8171#') as a phone and show each screen; an extension such as '*8171*1#' works too."""
    from gateway import settings
    from gateway.errors import SettingsError

    if not (
        phone.startswith("+") and phone[1:].isascii() and phone[1:].isdigit() and 7 <= len(phone[1:]) <= 15
    ):
        raise click.BadParameter(
            "a number begins with + and its country, such as +923001234501", param_hint="--phone"
        )
    try:
        chosen = settings.load()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    address = url or f"http://127.0.0.1:{chosen.port}"
    base = _base(code, chosen.service_codes)
    try:
        call = calling.dial(code, phone, base, network)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    handset = _Handset(
        Line(address, chosen.hook_token.get_secret_value()), address, scripted=keys is not None
    )
    if keys is None:
        handset.by_hand(call)
    else:
        handset.by_script(call, keys.split("*") if keys else [])


def _base(code: str, ours: str) -> str:
    """The service code that a dial string begins with: the longest of ours, else its first number."""
    listed = (one.strip() for one in ours.split(","))
    fitting = [one for one in listed if one == code or code.startswith(f"{one.removesuffix('#')}*")]
    return max(fitting, key=len, default=f"*{code.strip('*#').partition('*')[0]}#")


class _Handset:
    def __init__(self, line: Line, address: str, *, scripted: bool) -> None:
        self._line, self._address, self._scripted = line, address, scripted
        self._console = Console(highlight=False, soft_wrap=scripted)

    def by_script(self, call: Call, keys: list[str]) -> None:
        """Send the keys one after another, then hang up if the call is still open."""
        self._say(f"> {call.dialled}")
        call = self._post(call)
        for sent, key in enumerate(keys):
            if not call.open:
                raise click.ClickException(
                    f"the call ended, {len(keys) - sent} of {len(keys)} keys were not sent"
                )
            self._say(f"> {key if len(key) <= _SHOWN_INPUT else '*' * len(key)}")
            call = self._post(call.with_input(key))
        if call.open:
            self._hang_up(call)

    def by_hand(self, call: Call) -> None:
        """Ask for a key after each screen until the call ends; Ctrl-C or Ctrl-D hangs up."""
        self._console.print("Type an answer and Enter; Ctrl-D hangs up.", style="dim")
        call = self._post(call)
        while call.open:
            try:
                keys = self._console.input("[bold]> [/]")
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                self._hang_up(call)
                self._console.print("You hung up.", style="dim")
                return
            call = self._post(call.with_input(keys))

    def _post(self, call: Call) -> Call:
        answer = self._line.hop(call)
        if not answer.reached:
            raise click.ClickException(
                f"no gateway answers at {self._address}. Start it with `make run`, or name its address with --url."
            )
        call = call.heard(answer)
        if answer.fault:
            self._notify(call)
            hint = " Is GATEWAY_HOOK_TOKEN the running gateway's?" if answer.code == 404 else ""
            raise click.ClickException(f"{answer.fault}.{hint}")
        self._show(call)
        if not call.open:
            self._notify(call)
        return call

    def _show(self, call: Call) -> None:
        answer = call.answer
        if answer is None:
            return
        size = measure(answer.page)
        told = [f"{size.units}/{size.limit} {size.encoding}", f"{answer.millis:.0f} ms", answer.label]
        below = ", ".join(part for part in [*told, size.flag, "" if call.open else "call over"] if part)
        if self._scripted:
            self._say(f"{answer.page}\n[{below}]\n")
        else:
            self._console.print(
                Panel(Text(answer.page), title=call.service_code, subtitle=Text(below), width=46)
            )

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)

    def _hang_up(self, call: Call) -> None:
        self._notify(call.cut("she hung up"))

    def _notify(self, call: Call) -> None:
        """The session-ended notice, as the aggregator would send it; it is a courtesy, and its loss no fault."""
        with open_session() as session:
            try:
                self._line.notify(session, "ussd-ended", call.ended_form(time.time()))
            except requests.RequestException:
                self._console.print("The session-ended notice was not taken.", style="dim")
