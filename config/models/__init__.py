"""The shapes of `municipality.yaml`, `datasets/*.yaml` and policies."""
