"""What each page of the site holds."""
