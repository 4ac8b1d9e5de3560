"""Scaled dot-product attention of queries over keys and values."""
