"""Doc → claims and triples: cue lexicons as data, dependency rules over the parse, context and ties."""
