"""Moves the clock of `make serve` to an Oslo time and lets it tick on; without one, shows it."""

import json
import sys
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError

from kulturkontor.programme import OSLO
from local.deploy import STACK_NAME, client
from local.emulator import Emulator
from local.serve import SERVED
from local.stack import read_clock

_PARAMETER = f"/{STACK_NAME}/clock"


def main(arguments: list[str]) -> int:
    wanted = arguments[0] if arguments else ""
    if not SERVED.exists():
        print("make clock: nothing is served; start `make serve` first", file=sys.stderr)
        return 1
    port = json.loads(SERVED.read_text("utf-8"))["gateway"]
    parameters = client(Emulator(port=port, log=SERVED), "ssm")
    try:
        if wanted:
            moment = datetime.fromisoformat(wanted)
            there = moment if moment.tzinfo else moment.replace(tzinfo=OSLO)
            value = f"offset:{int((there - datetime.now(UTC)).total_seconds()):+d}"
            parameters.put_parameter(Name=_PARAMETER, Value=value, Type="String", Overwrite=True)
        value = parameters.get_parameter(Name=_PARAMETER)["Parameter"]["Value"]
    except ValueError:
        print(f"make clock: {wanted!r} is no time such as 2026-04-30T09:00", file=sys.stderr)
        return 1
    except BotoCoreError:
        print("make clock: nothing is served; start `make serve` first", file=sys.stderr)
        return 1
    print(f"The office's clock: {read_clock(value).astimezone(OSLO):%Y-%m-%d %H:%M} in Oslo")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
