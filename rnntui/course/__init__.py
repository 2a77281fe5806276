"""Lessons: YAML files that script a walkthrough of a real run."""
