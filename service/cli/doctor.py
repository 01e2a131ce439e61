"""``diversify doctor``: whether this installation works."""

from __future__ import annotations

from service.cli.arguments import AsJson
from service.cli.edge import reported
from service.cli.streams import say, say_json
from service.exits import Exit


@reported
def doctor(as_json: AsJson = False) -> Exit:
    """Say which versions run, where the packages come from, and whether the solver solves."""
    from service.diagnosis import diagnose

    diagnosis = diagnose()
    code = Exit.GOOD if all(check.passed for check in diagnosis.checks) else Exit.BUG
    if as_json:
        say_json(diagnosis.to_plain())
        return code
    for name, version in diagnosis.versions.items():
        say(f"{name:<12}{version or 'not installed'}")
    say("")
    for name, place in diagnosis.places.items():
        say(f"{name:<12}{place}")
    say("")
    for check in diagnosis.checks:
        say(f"{'good' if check.passed else 'BAD':<6}{check.what}: {check.found}")
    return code
