"""Tables and lists as HTML."""
