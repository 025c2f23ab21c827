"""Follows a pydantic error back to the document: which path the user typed, and which keys or kinds could stand there.

A location of pydantic also names the member of a union that was tried (``source.csv.delimiter``); the document has no such step. We walk
the models and the data together, so that every step is known to be a key, an index or such a name.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from config.models.base import ByKind

if TYPE_CHECKING:
    from config.document import Document, DocumentPath

KEY = "[key]"
"""What pydantic appends to the location of a wrong key of a mapping."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an error belongs.

    Attributes:
        path: the path in the document.
        model: the model around the last step, when that step is a key of one.
        registry: the kinds that are possible when the error is about `kind` of a union by kind.
        is_key: the error is about the key, not about its value.
    """

    path: DocumentPath
    model: type[BaseModel] | None = None
    registry: ByKind | None = None
    is_key: bool = False


def locate(root: type[BaseModel], location: tuple[str | int, ...], document: Document) -> Spot:
    """Give the spot in the document of a location in an error of a model."""
    path: DocumentPath = ()
    around: type[BaseModel] | None = None
    shape: Any = root
    for part in location:
        if part == KEY:
            return Spot(path, around, is_key=True)
        kinds, inner = _open(shape)
        if kinds is not None:
            shape = _member(kinds, part)
            continue
        step, around, shape = _step(inner, part, document.get(*path))
        path = (*path, part) if step else path
    return Spot(path, around, _open(shape)[0])


def keys_of(model: type[BaseModel]) -> list[str]:
    """Give the keys that a block of a model may have, as they are typed."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _open(shape: Any) -> tuple[ByKind | None, Any]:
    """Take off Annotated and Optional; give the union by kind when it is one, and what is left."""
    while True:
        if get_origin(shape) is Annotated:
            inner, *notes = get_args(shape)
            kinds = next((note for note in notes if isinstance(note, ByKind)), None)
            if kinds is not None:
                return kinds, inner
            shape = inner
        elif get_origin(shape) in {Union, types.UnionType} and len(rest := [arg for arg in get_args(shape) if arg is not type(None)]) == 1:
            shape = rest[0]
        else:
            return None, shape


def _member(kinds: ByKind, kind: str | int) -> Any:
    """Give the options model of a kind."""
    return kinds.registry.load(kind).Options if kind in kinds.registry.modules else None


def _step(shape: Any, part: str | int, data: Any) -> tuple[bool, type[BaseModel] | None, Any]:
    """Take one step: is it one in the document, the model that the step is a key of, and the shape after it."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, field in shape.model_fields.items():
            if part in {field.alias or name, name}:
                notes = tuple(field.metadata)
                return True, shape, Annotated[field.annotation, *notes] if notes else field.annotation
        return True, shape, None
    arguments = get_args(shape)
    if get_origin(shape) in {tuple, list} and isinstance(part, int):
        # One block may stand for a list of one: then the index is not in the document.
        return isinstance(data, list), None, arguments[0]
    if get_origin(shape) is dict:
        return True, None, arguments[1]
    for argument in arguments:
        if Tag(str(part)) in get_args(argument):
            return False, None, argument
    # A union of plain types, or something unknown: it is a step only if the document has it.
    present = (isinstance(data, dict) and part in data) or (isinstance(data, list) and isinstance(part, int))
    return present, None, None
