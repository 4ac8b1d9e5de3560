"""Pages in docs/: their front matter, their code fences, and the contract for both."""
