"""How does it look? Templates, texts, numbers and dates, inline charts and maps.

`render` is what the other packages call; `pages.texts`, `pages.numbers`, `pages.svg` and `pages.maps` stand on their own.
Importing this package is light.
"""

from __future__ import annotations

from pages.rendering import render, style_sheet

__all__ = ["render", "style_sheet"]
