"""What the page shows of a caller: her phone's screen and its length, her messages, her line."""

import time

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway.simulator.calls import NOTICES
from gateway.simulator.cast import Caller
from gateway.simulator.desk import Desk
from gateway.simulator.length import measure
from gateway.simulator.troubles import TROUBLES

LONGEST_INPUT = 182
LONGEST_TEXT = 480
_PAKISTAN_SECONDS = 5 * 3600


class View:
    """Renders the page for one of the callers; a form names her by her key, since an address holds no number."""

    def __init__(self, desk: Desk, callers: tuple[Caller, ...]) -> None:
        self._desk, self._callers = desk, callers
        self._by_key = {caller.key: caller for caller in callers}

    def looked_at(self) -> Caller:
        """Whom the address asks for, the first of the cast where it asks for nobody."""
        return self._by_key.get(request.args.get("caller", self._callers[0].key)) or abort(404)

    def chosen(self) -> Caller:
        """Whose form this is."""
        return self._by_key.get(request.form.get("caller", "")) or abort(400)

    def back(self, caller: Caller) -> Response:
        """To her page, so that a reload posts nothing again."""
        return redirect(url_for("simulator.page", caller=caller.key), 303)

    def refuse(self, caller: Caller, why: str) -> Response:
        """Her page with the reason why a press did nothing."""
        return Response(self.show(caller, why), 409, content_type="text/html; charset=utf-8")

    def show(self, caller: Caller, said: str = "") -> str:
        desk = self._desk
        call = desk.calls.of(caller.phone)
        answer = call.answer if call else None
        return render_template(
            "simulator.html",
            callers=self._callers,
            caller=caller,
            call=call,
            answer=answer,
            size=measure(answer.page) if answer and not answer.fault else None,
            messages=desk.mailbox.of(caller.phone),
            choice=desk.calls.choice(caller.phone),
            base=desk.exchange.base,
            number=desk.number,
            troubles=TROUBLES,
            notices=NOTICES,
            said=said,
            longest_input=LONGEST_INPUT,
            longest_text=LONGEST_TEXT,
            clock=_clock,
        )


def _clock(at: float) -> str:
    """The hour in Pakistan."""
    return time.strftime("%H:%M", time.gmtime(at + _PAKISTAN_SECONDS))
