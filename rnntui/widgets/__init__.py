"""The parts of the screen: each draws frozen data and posts messages."""
