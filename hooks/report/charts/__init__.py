"""Charts: their data, their specifications, and files made from both."""
