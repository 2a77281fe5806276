"""Looking into a run: breakpoints, watches, what-if edits, and why a value is as it is."""
