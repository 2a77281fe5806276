"""The screens: they arrange widgets and hand them data."""
