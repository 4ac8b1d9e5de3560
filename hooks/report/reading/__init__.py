"""What a build knows: pages, runs and verdicts, read once and kept by their content."""
