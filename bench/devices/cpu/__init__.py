"""The CPU of the machine: there always is one, and other processes use it too."""
