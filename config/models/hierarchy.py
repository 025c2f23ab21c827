"""What every type of hierarchy shares in a declaration; each type's module in `anonymisation/hierarchies` adds its own options."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from config.models.base import Model, WrongError

if TYPE_CHECKING:
    from collections.abc import Callable

ANY_STEP = "any"
"""The name of the step on which all values are one; it is the last step, and there only where it is named."""
TEXT = frozenset({"string"})
WHOLE = frozenset({"integer"})
NUMERIC = frozenset({"integer", "number", "decimal"})
PLACES = frozenset({"geometry"})


class HierarchyOptions(Model):
    """A ladder of values from fine to coarse; level 0 is the value itself, `levels` name the steps that follow.

    Attributes:
        type: what the ladder is made of.
        levels: the names of the steps, from fine to coarse.
    """

    fits: ClassVar[frozenset[str] | None] = None
    """The column types that it fits; None: all of them."""
    lowest: ClassVar[int] = 0
    """The lowest level that may be published."""

    type: str
    levels: tuple[str, ...] = ()

    @property
    def needs_data(self) -> bool:
        """Whether its labels depend on the values of the column, so that they differ from release to release."""
        return False

    def steps(self) -> tuple[str, ...] | None:
        """Give the names of the steps; None where only a file says how many there are."""
        return self.levels

    def files(self) -> tuple[str, ...]:
        """Give the files it names, as they are typed: relative to the file that names them."""
        return ()


def chosen(known: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """Give the validator of levels that are chosen out of a list: each once, from fine to coarse."""

    def check(levels: tuple[str, ...]) -> tuple[str, ...]:
        ranks = [known.index(level) for level in levels]
        if ranks != sorted(set(ranks)):
            steps = ", ".join(known)
            raise WrongError(
                f"De stappen gaan van fijn naar grof en komen elk één keer voor: {steps}.",
                f"The steps go from fine to coarse, each once: {steps}.",
            )
        return levels

    return check


def named(levels: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Give the names of `count` steps: as `levels` names them, ``any`` coming after them, or else by their numbers.

    Raises:
        WrongError: there are not as many names as steps, or a name stands there twice.
    """
    if not levels:
        return tuple(str(number) for number in range(1, count + 1))
    own = levels[:-1] if levels[-1] == ANY_STEP and len(levels) == count + 1 else levels
    if len(own) != count or ANY_STEP in own:
        raise WrongError(
            f"Deze hiërarchie heeft {count} stappen en `levels` noemt er {len(own)}. Noem ze alle, van fijn naar grof "
            f"(en daarna `{ANY_STEP}`, als alles ook samen mag vallen), of laat `levels` weg.",
            f"This hierarchy has {count} steps and `levels` names {len(own)}. Name them all, from fine to coarse "
            f"(and then `{ANY_STEP}`, where everything may fall together), or leave `levels` out.",
        )
    if len(set(levels)) < len(levels):
        raise WrongError("Twee stappen hebben dezelfde naam. Geef ze elk een eigen naam.", "Two steps have the same name. Name each apart.")
    return levels
