"""The page's entry: `solara run server.py`, or `chuishao explore`."""

from page import settings
from page.app import routes
from page.compiling import COMPILING

settings.apply()
COMPILING.begin()
__all__ = ["routes"]
