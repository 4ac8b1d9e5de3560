"""The report: makes pages, charts, tables and downloads from records, for any site generator."""
