"""The CPU of the machine: there is always one, and other processes use it too."""
