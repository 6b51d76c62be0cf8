"""Walking on from a step of hers: a phone that answers with today's menus and data and writes nothing."""

from flask import Blueprint, abort, render_template, request

from gateway import clock
from gateway.console.access import allowed, member, note
from gateway.console.replay import steps_of
from gateway.console.words import _
from gateway.journal.replay import Replay
from gateway.journal.trial import Trial, TrialOver, Trials
from gateway.services import Services


def add(console: Blueprint, services: Services) -> None:
    replay = Replay(services.journal, services.engine)

    @console.post("/sessions/<session>/walk")
    @allowed("walk_on")
    def sessions_walk(session: str) -> str | tuple[str, int]:
        trials = Trials(services.engine, services.vault, services.sandbox())
        steps = steps_of(services, replay, session)
        sealed = request.form.get("state")
        if sealed is None:
            number = request.form.get("step", "")
            if not number.isdecimal() or len(number) > 4:
                abort(400)
            note("walked_on", f"session:{session}", step=int(number))
            trial = trials.begin(member().id, replay, steps, int(number))
            return _page(services, trials, session, trial)
        try:
            trial = trials.open(sealed, member().id)
        except TrialOver:
            return _page(
                services, trials, session, None, _("This walk is over. Begin it again from the replay.")
            ), 410
        if trial.origin != session:
            abort(400)
        if not trial.session.ended:
            phone = services.core.registry.phone_of(trial.session.phone_key)
            keys = request.form.get("key") or request.form.get(
                "keys", ""
            )  # a button of the keypad, or the line above it
            trial = trials.press(trial, keys.strip(), phone)
            note("walked_on", f"session:{session}", screen=trial.page.screen)
        return _page(services, trials, session, trial)


def _page(services: Services, trials: Trials, session: str, trial: Trial | None, over: str = "") -> str:
    return render_template(
        "console_walk.html",
        session=session,
        trial=trial,
        over=over or (None if trial else _("Today's menus do not come to this step, or it was the end.")),
        state=trials.seal(trial) if trial else "",
        secret=trials.secret(trial) if trial and not trial.session.ended else "",
        minutes=max(1, round((trial.until - clock.epoch()) / 60)) if trial else 0,
        speech=services.book.languages[trial.session.language] if trial else None,
    )
