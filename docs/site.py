"""Hooks of mkdocs: pages that stand at the top of the repository, and links to files that are not part of the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
TOP = {"README.md": "index.md", "README.zh.md": "index.zh.md", "CONTRIBUTING.md": "contributing.md",
       "CHANGELOG.md": "changelog.md"}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that stand at the top, and the readme's picture."""
    for name, page in TOP.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](").replace('src="docs/', 'src="')
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links to pages of the site be links, and name files that are not part of it."""
    folder = Path(page.file.src_uri).parent

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        name = TOP.get(target.removeprefix("../"), target)
        if files.get_file_from_path((folder / name).as_posix()):
            return f"[{text}]({name}{anchor})"
        return text if f"`{target}`" in text else f"{text} (`{target.removeprefix('../')}`)"

    return LINK.sub(link, markdown)
