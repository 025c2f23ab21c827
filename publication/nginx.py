"""A configuration of nginx that serves the site as `publication.serving` says: negotiated addresses, headers, caching."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publication import serving

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
# The portal of {base}, to be included in the `http` block of nginx (tested with 1.22).
# Fill in the certificate; renew this file by: vrijgave site nginx
types_hash_max_size 4096;
map $http_accept $vrijgave_form {{
  default html;
{forms}
}}
map $uri $vrijgave_cache {{
  default "{again}";
  "~{immutable}" "{keep}";
}}
map $uri $vrijgave_vary {{
  default "";
{vary}
}}
{maps}
server {{
  listen {listen};
  server_name {name};
{tls}
  root {root};
  server_tokens off;
  charset utf-8;
  charset_types {charset};
  disable_symlinks off;  # the site itself is a link, renamed when a new generation is whole

  types {{
{types}
  }}
  default_type {binary};

{headers}
  add_header Cache-Control $vrijgave_cache always;
  add_header Vary $vrijgave_vary always;

{places}
  location ~ /\\. {{ return 404; }}
  location ~ "/SHA256SUMS$" {{ types {{ }} default_type text/plain; }}
  location {prefix}/en/ {{ error_page 404 {prefix}/en/404.html; }}
  location {prefix}/ {{
    index index.html;
    limit_except GET HEAD {{ deny all; }}
  }}
  error_page 404 {prefix}/404.html;
}}
"""


def configuration(base: str, site: Path, *, listen: str = "443 ssl") -> str:
    """Give the configuration.

    Args:
        base: the base address of the portal; a path in it becomes the place of the site on the server.
        site: the link to the current generation.
        listen: address and port, with ``ssl`` where TLS ends here.
    """
    parts = urlsplit(base)
    prefix = parts.path.rstrip("/")
    tls = "  ssl_certificate /etc/ssl/certs/portaal.pem;\n  ssl_certificate_key /etc/ssl/private/portaal.key;" if "ssl" in listen else ""
    return TEMPLATE.format(
        base=base,
        forms="\n".join(f'  "~*{pattern}" {name};' for pattern, name in serving.FORMS),
        again=serving.ASK_AGAIN,
        keep=serving.KEEP,
        immutable=_below(serving.IMMUTABLE.pattern, prefix),
        vary="\n".join(f'  "~{_below(pattern, prefix)}" Accept;' for pattern, _, _ in serving.PLACES),
        charset=" ".join(sorted({_bare(kind) for kind in serving.MEDIA_TYPES.values() if "charset" in kind} - {"text/html"})),
        maps="\n".join(_target(number, page, file, prefix) for number, (_, page, file) in enumerate(serving.PLACES)),
        listen=listen,
        name=parts.hostname or "_",
        tls=tls,
        root=site,
        types="\n".join(f"    {_bare(kind)} {ending};" for ending, kind in _types()),
        binary=serving.BINARY,
        headers="\n".join(f'  add_header {name} "{value}" always;' for name, value in serving.HEADERS.items()),
        places="\n".join(_place(number, pattern, prefix) for number, (pattern, _, _) in enumerate(serving.PLACES)),
        prefix=prefix,
    )


def _types() -> list[tuple[str, str]]:
    """Give the endings by their media type, as nginx lists them."""
    return sorted(serving.MEDIA_TYPES.items(), key=lambda one: (one[1], one[0]))


def _bare(kind: str) -> str:
    """Give a media type without its charset, which nginx adds."""
    return kind.partition(";")[0]


def _below(pattern: str, prefix: str) -> str:
    return pattern.replace("^/", f"^{prefix}/", 1)


def _target(number: int, page: str, file: str, prefix: str) -> str:
    """Give where a place leads, by the form that is wanted; ``$1`` and ``$2`` are filled in at the place itself."""

    def filled(target: str) -> str:
        return prefix + target.replace("{1}", "$vrijgave_first").replace("{2}", "$vrijgave_second").replace("{form}", "$vrijgave_form")

    return f'map $vrijgave_form $vrijgave_place_{number} {{\n  default "{filled(file)}";\n  html "{filled(page)}";\n}}'


def _place(number: int, pattern: str, prefix: str) -> str:
    """Send a persistent address on (303: it names a thing, what is sent describes it)."""
    groups = pattern.count("(") - pattern.count("(?:")
    sets = "".join(f" set $vrijgave_{name} ${at};" for at, name in enumerate(("first", "second")[:groups], 1))
    return f'  location ~ "{_below(pattern, prefix)}" {{{sets} return 303 $vrijgave_place_{number}; }}'
