"""Training a session's model: how it is to go, its course, and what can be seen of it."""
