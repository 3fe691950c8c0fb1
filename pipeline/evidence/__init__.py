"""DuckDB → files and words: evidence tables for spreadsheets and programs, and the story behind a claim."""
