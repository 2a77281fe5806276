"""A file of text that would be huge is refused before it is begun."""

from __future__ import annotations

import pytest

from rnntui.reports.export import EXPORTERS
from rnntui.safe import InputError
from rnntui.sources.request import Request


def test_a_huge_text_is_refused_and_the_other_format_named() -> None:
    run, _ = Request(hidden=512, text="ab" * 250).run()
    with pytest.raises(InputError) as raised:
        EXPORTERS["jsonl"].check(run)
    line = str(raised.value)
    assert line.startswith("the file would have about ")
    assert line.endswith(" GB, over the limit of 1 GB: write .npz, or give a smaller --hidden or --length")
    EXPORTERS["npz"].check(run)
    EXPORTERS["csv"].check(run)
    assert run.filled == 0
