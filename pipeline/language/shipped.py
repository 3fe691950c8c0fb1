"""The files of the shipped model."""

import hashlib
from functools import cache
from pathlib import Path

MODEL = Path(__file__).parent / "model"


@cache
def model_hash(folder: Path = MODEL) -> str:
    """Hash of the shipped model's files, part of the key under which extractions are kept."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
