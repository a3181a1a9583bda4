"""Makes `appraisal/admin/self_test.json` anew: what each paper of the demo says, for `doctor --self-test`.

    python tools/build_self_test.py

Run it when the look or the words of a paper are changed on purpose, and look at what `git diff` names.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from appraisal.admin.demo import begin_demo, last_pass
from appraisal.admin.self_test import SHIPPED, digests
from appraisal.workspace.paths import Workspace


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "demo")
        begin_demo(workspace)
        last_pass(workspace)
        text = json.dumps(digests(workspace), ensure_ascii=False, indent=0)
    SHIPPED.write_text(f"{text}\n", "utf-8")
    print(f"{SHIPPED.name}: {text.count(chr(10)) - 1} papers")


if __name__ == "__main__":
    main()
