"""Tables and lists as trees of HTML elements."""
