"""Attention of a few new tokens over the keys and values of a cache, as in decoding."""
