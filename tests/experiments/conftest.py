"""Tests here find the model compiled, as whoever has used it once does; what a first use says has a test of its own."""

import pytest

from experiments.progress import get_ready


@pytest.fixture(scope="session", autouse=True)
def compiled_model():
    get_ready()
