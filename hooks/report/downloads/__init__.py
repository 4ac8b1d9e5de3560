"""Files for other programs: data, feeds, badges."""
