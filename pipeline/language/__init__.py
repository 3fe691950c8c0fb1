"""Text → spaCy Doc: the shipped model, how it is loaded and how it was trained."""
