"""Writes the generated pages; mkdocs-gen-files runs this script."""

import mkdocs_gen_files

for path, content in mkdocs_gen_files.config.extra["report"].generated.items():
    with mkdocs_gen_files.open(path, "w", encoding="utf-8") as file:
        file.write(content)
