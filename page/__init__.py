"""What a person sees: the browser page. Imports model and experiments; nothing imports it but `server.py`."""
