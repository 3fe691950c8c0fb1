"""Gold passages → figures."""
