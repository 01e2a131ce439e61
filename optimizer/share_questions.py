"""Questions about shares: whose share of what may be told as an interval, where lots mix.

A question is a share rule that forbids nothing. Asked of a problem, it makes the model keep what
must be remembered of a lot to answer it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.parse import parse
from instances.rules.share import ShareRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instances.problem import Problem

KEYS = ("of", "commodity", "origin", "demand_class", "buyers", "denominator", "counts_unknown")
PREFIX = "share-of-"


def questions_of(problem: Problem, own: bool, texts: Sequence[str]) -> Problem:
    """Return ``problem`` with nothing but questions for rules, each free of any limit.

    Parameters
    ----------
    own
        Whether the share rules of the problem for which lots are followed are asked about.
    texts
        More questions, such as ``of=CHN,commodity=gallium,origin=traced,demand_class=defence``;
        countries of ``buyers`` are joined by "+". A question is about deliveries unless it names
        another ``denominator``.

    Raises
    ------
    InputError
        A question that cannot be read, or that names what the problem does not have.
    """
    asked = []
    if own:
        asked += [_unbound(rule) for rule in problem.rules if _follows_lots(rule)]
    findings: list[Finding] = []
    for number, text in enumerate(texts):
        asked.append(_read(number, text, findings))
    if findings:
        raise InputError(findings)
    try:
        return parse(problem.to_plain() | {"rules": asked})
    except InputError as error:
        raise InputError([_found(finding) for finding in error.findings]) from None


def _follows_lots(rule: object) -> bool:
    return isinstance(rule, ShareRule) and rule.needs_tags


def _unbound(rule: Any) -> dict[str, Any]:
    plain = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain.pop("penalty_per_point", None)
    return {**plain, "kind": rule.kind, "penalty": 0}


def _read(number: int, text: str, findings: list[Finding]) -> dict[str, Any]:
    where = f"shares_of[{number}]"
    fields: dict[str, Any] = {}
    for part in text.split(","):
        key, sign, value = (piece.strip() for piece in part.partition("="))
        if key not in KEYS:
            near = nearest_name(key, KEYS)
            findings.append(Finding(where, "names an unknown field", shortened(key), near))
        elif not sign or not value or key in fields:
            remedy = "Write each field once, as in of=CHN,commodity=gallium,origin=traced."
            findings.append(Finding(where, "cannot be read", shortened(part), remedy=remedy))
        else:
            fields[key] = value
    missing = [key for key in KEYS[:2] if key not in fields]
    if missing and not any(finding.where == where for finding in findings):
        remedy = "Write of=CHN,commodity=gallium."
        findings.append(Finding(where, f"lacks {' and '.join(missing)}", text, remedy=remedy))
    if "buyers" in fields:
        fields["buyers"] = fields["buyers"].split("+")
    if "counts_unknown" in fields:
        fields["counts_unknown"] = {"true": True, "false": False}.get(
            fields["counts_unknown"].lower(), fields["counts_unknown"]
        )
    return {
        "denominator": "deliveries",
        **fields,
        "id": f"{PREFIX}{number + 1}",
        "kind": "share_cap",
        "max_share": 1,
        "penalty": 0,
    }


def _found(finding: Finding) -> Finding:
    """Return a finding about a question under the name that the question has where it stands."""
    head, _, rest = finding.where.partition("]")
    number = head.removeprefix(f"rules[{PREFIX}")
    if number == head:
        return finding
    return replace(finding, where=f"shares_of[{int(number) - 1}]{rest}")
