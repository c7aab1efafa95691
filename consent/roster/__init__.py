"""The district's roster: OneRoster 1.1 and 1.2, Microsoft SDS 2.1, and a small supplement, into families."""
