"""Run by mkdocs-gen-files: writes the pages that no person writes."""

import mkdocs_gen_files

for path, content in mkdocs_gen_files.config.extra["report"].written.items():
    with mkdocs_gen_files.open(path, "w", encoding="utf-8") as file:
        file.write(content)
