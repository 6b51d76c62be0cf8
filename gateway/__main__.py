"""`python -m gateway` is the `gateway` command."""

import sys

if __name__ == "__main__":
    try:
        from gateway.cli import main

        main(prog_name="gateway")
    except KeyboardInterrupt:  # while it still imports
        sys.exit(130)
