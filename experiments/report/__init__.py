"""One HTML file that says what a folder of results holds; a module a section."""
