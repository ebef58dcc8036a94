"""The console: web pages for everybody the centre works with."""
