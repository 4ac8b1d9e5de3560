"""The report: from records to pages, charts, tables and downloads, for any site generator."""
