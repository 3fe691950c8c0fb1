"""The extractor is loaded once for all tests of claims."""

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.settings import Settings


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor.load(Settings())
