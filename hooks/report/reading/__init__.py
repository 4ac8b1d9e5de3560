"""The input of a build: pages, runs and leaderboards, read once and cached by content."""
