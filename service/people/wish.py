"""What a key is asked for with, read with findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from service.fields import read_fields
from service.people.callers import Scope


class Wish(BaseModel):
    """A key as it is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", examples=["acme or acme-lab.eu"])
    ]
    """Whose it is."""
    scope: tuple[Scope, ...] = (Scope.READ, Scope.RUN)
    """What it permits."""
    days: Annotated[float, Field(ge=0, le=3650, allow_inf_nan=False)] = 90.0
    """How long it counts; 0 for ever."""
    label: Annotated[str | None, Field(max_length=200)] = None
    """Who or what it is for."""

    @field_validator("scope", mode="before")
    @classmethod
    def _scopes(cls, scopes: Sequence[str]) -> Sequence[str]:
        if not set(scopes) <= set(Scope):
            raise PydanticCustomError("scopes", "must be read, run or admin")
        return scopes


def read_wish(tenant: str, scope: Sequence[str] | None, days: float, label: str | None) -> Wish:
    """Return what is asked for.

    Raises
    ------
    InputError
        Values that do not fit.
    """
    given = {"tenant": tenant, "scope": scope or None, "days": days, "label": label}
    known = {name: value for name, value in given.items() if value is not None}
    return read_fields(Wish, known, lambda name: f"--{name}")
