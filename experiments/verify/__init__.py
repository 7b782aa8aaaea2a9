"""Checks anyone can run: theory, neutrality, conservation, stylised facts."""
