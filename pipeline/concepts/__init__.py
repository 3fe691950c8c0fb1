"""Mention → concept: the vocabulary as TSV data, and the linker that finds its wordings in text."""
