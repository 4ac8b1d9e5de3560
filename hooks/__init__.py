"""The report: makes pages, charts, tables and downloads from records, inside `mkdocs build`."""
