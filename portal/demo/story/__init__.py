"""The story the demo tells: invented companies and families, and inBloom from public sources."""
