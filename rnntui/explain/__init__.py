"""Equations made plain: what their parts are called, what they do, and where their numbers go."""
