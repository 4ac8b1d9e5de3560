"""Runs in a child process, the only place where torch and a page's code are imported."""
