"""`gateway dial`: a phone in the terminal, by hand or with keys given."""

import click


@click.command()
@click.argument("code")
@click.option("--phone", required=True, metavar="E164", help="the caller's number, such as +923001234501")
@click.option("--keys", metavar="1*2", help="inputs to send, joined by *; then hang up")
@click.option("--url", metavar="URL", help="address of the running gateway")
@click.option("--network", metavar="CODE", help="network code of the caller; the sandbox's if none is given")
def dial(code: str, phone: str, keys: str | None, url: str | None, network: str | None) -> None:
    """Dial CODE ('*8171#') as a phone and show each screen; an extension such as '*8171*1#' works too."""
    from gateway import settings
    from gateway.cli.handset import Handset
    from gateway.simulator import call as calling
    from gateway.simulator.line import Line
    from gateway.simulator.wire import SANDBOX_NETWORK

    if not (
        phone.startswith("+") and phone[1:].isascii() and phone[1:].isdigit() and 7 <= len(phone[1:]) <= 15
    ):
        raise click.BadParameter(
            "a number begins with + and its country, such as +923001234501", param_hint="--phone"
        )
    chosen = settings.load()
    address = url or f"http://127.0.0.1:{chosen.port}"
    base = _base(code, chosen.service_codes)
    try:
        call = calling.dial(code, phone, base, network or SANDBOX_NETWORK)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    handset = Handset(Line(address, chosen.hook_token.get_secret_value()), address, scripted=keys is not None)
    if keys is None:
        handset.by_hand(call)
    else:
        handset.by_script(call, keys.split("*") if keys else [])


def _base(code: str, ours: str) -> str:
    """The service code that a dial string begins with: the longest of ours, else its first number."""
    listed = (one.strip() for one in ours.split(","))
    fitting = [one for one in listed if one == code or code.startswith(f"{one.removesuffix('#')}*")]
    return max(fitting, key=len, default=f"*{code.strip('*#').partition('*')[0]}#")
