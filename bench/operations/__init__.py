"""What can be measured: each folder is one operation, and nothing else knows its shapes."""
