"""Code of the child processes, the only place where torch and a page's code are imported."""
