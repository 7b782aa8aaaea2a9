"""The page's entry: `solara run server.py`, or `chuishao explore`."""

from page import bundle, settings
from page.app import routes
from page.compiling import COMPILING

settings.apply()
bundle.begin()
COMPILING.begin()
__all__ = ["routes"]
