"""The operations: each folder is one, and no code outside it knows its shapes."""
