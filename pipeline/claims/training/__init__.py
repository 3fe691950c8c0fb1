"""How the judge is trained: annotated passages of public articles, kept apart from the texts they are about."""
