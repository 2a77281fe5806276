"""Everything that can be had without a screen: traces as files, derivations as text."""
