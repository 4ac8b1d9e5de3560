"""Pages in docs/: their front matter, their code fences, and the contract that these keep."""
