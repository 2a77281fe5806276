"""What is remembered of a learner between two starts: one SQLite file on this machine, which nothing sends anywhere."""

from rnntui.store.drafts import draft, drop_draft, keep_draft
from rnntui.store.notebook import Notebook
from rnntui.store.progress import Progress, all_progress, forget
from rnntui.store.recents import Recent, keep_recent, recents
from rnntui.store.store import Store

__all__ = [
    "Notebook",
    "Progress",
    "Recent",
    "Store",
    "all_progress",
    "draft",
    "drop_draft",
    "forget",
    "keep_draft",
    "keep_recent",
    "recents",
]
