"""The plain Django admin, narrowed to the staff member's own agency."""
