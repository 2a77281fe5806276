"""rnntui."""
