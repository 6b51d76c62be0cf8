"""A phone in the terminal: posts each hop over the aggregator's own wire and shows the screen that comes back."""

import time

import click
import requests
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gateway.simulator.call import Call
from gateway.simulator.length import measure
from gateway.simulator.line import Line, open_session

# Longer inputs are a PIN or a CNIC, and what a terminal shows is copied into tickets.
_SHOWN_INPUT = 2


class Handset:
    """One phone on one line. address: what to tell where no gateway answers; scripted: nobody sits at the keys."""

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
