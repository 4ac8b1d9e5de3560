"""Attention within each of several sequences of different lengths, packed into one tensor."""
