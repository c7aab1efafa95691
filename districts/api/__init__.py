"""The register as data: read-only, for anybody, below /api/v1/ (docs/api.md)."""
