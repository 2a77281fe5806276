"""Looking into a run: breakpoints, watches, what-if edits, and why a value is as it is."""

from bptt.debugger.breakpoints import Breakpoint, Breakpoints, Stop
from bptt.debugger.chains import Chain, chain
from bptt.debugger.reason import Reason
from bptt.debugger.reasons import why
from bptt.debugger.watches import Watch, Watches
from bptt.debugger.whatif import Comparison, Difference, WhatIf, compare
from bptt.edit_text import parse_edit
from bptt.edits import Edit
from bptt.queries import Query, QueryError, parse_query

__all__ = [
    "Breakpoint",
    "Breakpoints",
    "Chain",
    "Comparison",
    "Difference",
    "Edit",
    "Query",
    "QueryError",
    "Reason",
    "Stop",
    "Watch",
    "Watches",
    "WhatIf",
    "chain",
    "compare",
    "parse_edit",
    "parse_query",
    "why",
]
