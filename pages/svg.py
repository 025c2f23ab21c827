"""Charts as inline SVG: horizontal bars for categories, columns for a row of moments.

They need no script and no style attribute (so they live under ``default-src 'self'``), say in words what they show (``title``, ``desc``),
and are laid out in percentages, so that their letters keep their size on a phone. Colours are classes of the style sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

ROW, BAR, TEXT = 40, 14, 18
"""Pixels: the height of a category, of its bar, and where its words stand."""

PLOT, AXIS, TOP = 200, 28, 22
"""Pixels: the height of the columns, of the line of words below them, and of that above them."""

LABEL = 34
"""Letters of a label that fit beside its value on a phone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One bar: what it is, how much (not negative), and that amount as people write it."""

    label: str
    value: float
    written: str


def bars(items: Sequence[Item], *, key: str, title: str, description: str, most: float | None = None) -> Markup:
    """Draw horizontal bars, one below the other, all from zero.

    `key` is unique on the page: the ids of title and description are made from it. A bar of `most` is as wide as the drawing; without it
    the greatest is.
    """
    from markupsafe import Markup

    greatest = most or max((item.value for item in items), default=0) or 1
    rows = []
    for number, item in enumerate(items):
        top = number * ROW
        rows.append(
            Markup(
                '<g><title>{full}: {written}</title><text x="0" y="{text}">{label}</text>'
                '<text class="figure-value" x="100%" y="{text}" text-anchor="end">{written}</text>'
                '<rect class="figure-track" x="0" y="{bar}" width="100%" height="{height}" rx="2"/>'
                '<rect class="figure-bar" x="0" y="{bar}" width="{width}%" height="{height}" rx="2"/></g>'
            ).format(
                full=item.label,
                label=shortened(item.label),
                written=item.written,
                text=top + TEXT - 4,
                bar=top + TEXT + 1,
                height=BAR,
                width=number_text(100 * item.value / greatest),
            )
        )
    return _drawing(rows, height=len(items) * ROW, key=key, title=title, description=description)


def columns(items: Sequence[Item], *, key: str, title: str, description: str) -> Markup:
    """Draw columns side by side in the order given, all from zero, with the first, the last and the highest named."""
    from markupsafe import Markup

    greatest = max((item.value for item in items), default=0) or 1
    step = 100 / max(len(items), 1)
    drawn = [
        Markup(
            '<rect class="figure-bar" x="{x}%" y="{y}" width="{width}%" height="{height}"><title>{label}: {written}</title></rect>'
        ).format(
            x=number_text((number + 0.1) * step),
            y=number_text(TOP + PLOT * (1 - item.value / greatest)),
            width=number_text(step * 0.8),
            height=number_text(PLOT * item.value / greatest),
            label=item.label,
            written=item.written,
        )
        for number, item in enumerate(items)
    ]
    base = TOP + PLOT
    drawn.append(Markup('<line class="figure-axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(base))
    if items:
        highest = max(items, key=lambda item: item.value)
        drawn.append(Markup('<text class="figure-value" x="0" y="14">{}</text>').format(highest.written))
        drawn.append(Markup('<line class="figure-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(TOP))
        drawn.append(Markup('<text x="0" y="{}">{}</text>').format(base + TEXT, items[0].label))
    if len(items) > 1:
        drawn.append(Markup('<text x="100%" y="{}" text-anchor="end">{}</text>').format(base + TEXT, items[-1].label))
    return _drawing(drawn, height=base + AXIS, key=key, title=title, description=description)


def _drawing(parts: Sequence[Markup], *, height: int, key: str, title: str, description: str) -> Markup:
    """Wrap parts as one image with a name and a description."""
    from markupsafe import Markup

    return Markup(
        '<svg class="figure-drawing" width="100%" height="{height}" role="img" aria-labelledby="{key}-title {key}-desc" focusable="false">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{description}</desc>{parts}</svg>'
    ).format(height=height, key=key, title=title, description=description, parts=Markup().join(parts))


def shortened(label: str, letters: int = LABEL) -> str:
    """Give a label that fits, with an ellipsis where letters were left out."""
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}…"


def number_text(value: float, places: int = 2) -> str:
    """Give a coordinate as short text."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
    return "0" if text in {"-0", ""} else text
