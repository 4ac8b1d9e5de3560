"""Files for other programs: data, feed, badges."""
