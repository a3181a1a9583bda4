"""The program: `python -m appraisal`, the command `appraisal`, and `python pipeline.py` all start here."""

import gc
import sys

_NOT_INSTALLED = (
    "这个 Python 里没有程序包 {}。请用装好程序包的那个运行，例如 .venv/bin/python pipeline.py"
    "（Windows 是 .venv\\Scripts\\python）；还没有装的，先照使用说明安装（要 Python 3.11 或更高版本）。"
)


def main() -> int:
    """Run the command line and give its exit code. Worker processes import this file, and need none of it."""
    # Nearly all that is loaded stays to the end. Looked through for garbage at the usual pace, and once
    # more on the way out, it would take a third of a short run.
    gc.set_threshold(50_000, 20, 20)

    try:
        from appraisal.cli.app import main as command_line  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("appraisal"):
            raise
        sys.stderr.write(f"{_NOT_INSTALLED.format(error.name)}\n")
        return 2

    code = command_line()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
