"""Reports: records → pages, charts, tables and downloads, inside `mkdocs build`."""
