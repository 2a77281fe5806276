"""The fast path: the numbers of stepping, written to the same tape, with all that does not recur done for all times at
once."""
