"""One family of errors: each says its code, whether trying again can help, and what a caller may be told."""


class GatewayError(Exception):
    """Anything the gateway raises on purpose.

    code        short, stable, for logs and metrics
    retryable   whether the same call may go through later
    told        name of the notice in menus/common.yaml that a caller hears, never the error's own text
    """

    code = "error"
    retryable = False
    told = "common.trouble"


class SettingsError(GatewayError):
    """A setting is missing, malformed or unsafe for this environment."""

    code = "settings"


class MenuError(GatewayError):
    """The menus cannot be served; `faults` lists every fault found, one line each."""

    code = "menus"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class FileFault(GatewayError):
    """A file that staff gave is wrong; nothing of it was taken. `faults` holds `file:line: column: what`."""

    code = "file"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class StoreUnreachable(GatewayError):
    """Redis or Valkey did not answer."""

    code = "store_unreachable"
    retryable = True


class DatabaseUnreachable(GatewayError):
    """The SQL database is away or locked."""

    code = "database_unreachable"
    retryable = True


class ForeignSession(GatewayError):
    """The session belongs to another phone."""

    code = "foreign_session"
    told = "common.foreign"


class SessionBusy(GatewayError):
    """Another copy of the same hop was still at work when this one ran out of time."""

    code = "session_busy"
    retryable = True
    told = "common.busy"


class CoreUnreachable(GatewayError):
    """The core did not answer within the time it was given."""

    code = "core_unreachable"
    retryable = True


class AggregatorError(GatewayError):
    """The aggregator refused or failed a send. `kind`: retry, pause, refused, unknown, hold."""

    code = "aggregator"

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.retryable = kind == "retry"
