"""Tests of the harness itself: cheats, crashes, honest kernels, other clocks."""
