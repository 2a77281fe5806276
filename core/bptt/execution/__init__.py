"""The fast path: the same numbers as stepping, with whatever does not recur done for all times at once."""
