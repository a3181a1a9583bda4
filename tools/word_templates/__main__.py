"""Write the shipped Word templates anew: `python -m tools.word_templates`.

They are ordinary Word files. HR copies one into the workspace's `templates` folder and edits it in
Word; this builder is for changing what is shipped.
"""

from __future__ import annotations

from pathlib import Path

from tools.word_templates.shipped import shipped_templates

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def main() -> None:
    for name, content in shipped_templates().items():
        (TEMPLATES / name).write_bytes(content)


if __name__ == "__main__":
    main()
