"""What is remembered of a learner between two starts: one SQLite file on this machine, which nothing sends anywhere."""

from rnntui.store.notebook import Notebook
from rnntui.store.progress import Progress, all_progress, forget
from rnntui.store.store import Store

__all__ = ["Notebook", "Progress", "Store", "all_progress", "forget"]
