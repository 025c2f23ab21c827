"""How does it become public, stay public, get withdrawn? Releases, approvals, ledger, archive, portals."""
