"""Takes the pictures of README and docs from real output: the demo, printed by LibreOffice, its page in Chromium.

    python docs/build_pictures.py

Needs LibreOffice, Chromium, a Chinese font and poppler-utils. Run it when the look of a document has changed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
GROUP, PERIOD, FAULTY = "旗舰店", "2026-11", "专卖店"


@dataclass(frozen=True)
class Picture:
    """A part of a printed page: dots per inch, and from the top left corner its place and size in dots."""

    name: str
    document: Path
    page: int
    dpi: int
    crop: tuple[int, int, int, int]


def pictures(workspace: Path) -> tuple[Picture, ...]:
    """Every picture; `workspace` is the demo's, with a blank workbook beside its folders."""
    month = workspace / "outbox" / GROUP / PERIOD
    stem = f"{GROUP}_{PERIOD}"
    returned = workspace / "outbox" / FAULTY / "退回" / f"{FAULTY}_{PERIOD}_考核上报表_退回.xlsx"
    slips = month / "绩效单" / "绩效单_打印合集.docx"
    plan = month / "整改方案" / "KF010_郑志强_整改方案.xlsx"
    acts = workspace / "outbox" / "人事" / "人事办理单.xlsx"
    return (
        Picture("result", month / f"{stem}_考核结果.xlsx", 1, 100, (0, 50, 827, 760)),
        Picture("notice", month / f"{stem}_考核通报.docx", 1, 75, (0, 25, 620, 815)),
        Picture("slip", slips, 1, 80, (0, 0, 661, 850)),
        Picture("blank", workspace / f"{stem}_考核上报表.xlsx", 2, 130, (290, 55, 915, 420)),
        Picture("faults", returned, 1, 100, (62, 100, 1050, 362)),
        Picture("returned", returned, 4, 130, (30, 65, 1000, 400)),
        Picture("plan", plan, 1, 80, (0, 10, 936, 520)),
        Picture("acts", acts, 1, 100, (0, 20, 1169, 460)),
    )


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "demo"
        program = [sys.executable, str(ROOT / "pipeline.py")]
        run([*program, "demo", str(workspace)])
        blank = ["template", "online-shop", "--group", GROUP, "--period", PERIOD]
        run([*program, *blank, "--workspace", str(workspace), "--out", str(workspace)])
        for picture in pictures(workspace):
            take(picture, Path(folder))
            print(f"docs/pictures/{picture.name}.png")
        take_page(workspace / "outbox" / "人事" / "index.html", Path(folder))
        print("docs/pictures/page.png")


def take_page(page: Path, folder: Path) -> None:
    """HR's page as it opens on a desk."""
    browser = ["chromium", "--headless", "--no-sandbox", f"--user-data-dir={folder / 'browser'}"]
    browser += ["--virtual-time-budget=5000"]  # nothing is left half painted
    run([*browser, "--window-size=1200,900", f"--screenshot={PICTURES / 'page.png'}", page.as_uri()])


def take(picture: Picture, folder: Path) -> None:
    """Print the document and cut the picture out of its page."""
    office = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
    run([*office, "--convert-to", "pdf", "--outdir", str(folder), str(picture.document)])
    left, top, width, height = map(str, picture.crop)
    page, dpi = str(picture.page), str(picture.dpi)
    cut = ["-png", "-singlefile", "-r", dpi, "-f", page, "-l", page, "-x", left, "-y", top, "-W", width]
    pdf = folder / f"{picture.document.stem}.pdf"
    run(["pdftoppm", *cut, "-H", height, str(pdf), str(PICTURES / picture.name)])


def run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=240)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
