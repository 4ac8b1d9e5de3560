"""Run by mkdocs-gen-files: writes the pages that no person writes."""

import mkdocs_gen_files

for path, content in mkdocs_gen_files.config.extra["report"].files.items():
    if path.endswith(".md"):
        with mkdocs_gen_files.open(path, "wb") as file:
            file.write(content)
