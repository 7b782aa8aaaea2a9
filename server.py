"""The page's entry: `solara run server.py`, or `chuishao explore`."""

from page import settings
from page.app import routes

settings.apply()
__all__ = ["routes"]
