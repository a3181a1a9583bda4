"""[notify] in settings.toml: what may be sent to whom; every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.admin.init import settings_file
from appraisal.workspace.notify_settings import Circulated, Notify, Robot, Security, Service
from appraisal.workspace.settings import SettingsError, load_settings


def loaded(folder: Path, text: str) -> Notify:
    (folder / "settings.toml").write_text(text, "utf-8")
    return load_settings(folder / "settings.toml").notify


def test_nothing_is_sent_unless_it_is_said(tmp_path: Path):
    """A new workspace sends nothing, and the example in it becomes a setting by taking off the marks."""
    text = settings_file()
    assert loaded(tmp_path, text) == Notify()
    start = text.index("# [notify]")
    said = loaded(
        tmp_path, text[:start] + text[start:].replace("\n# ", "\n").removeprefix("# ").replace("\n#\n", "\n")
    )
    assert said.automatic == ()
    assert (said.smtp_port, said.smtp_security, said.has_mail) == (465, Security.TLS, True)
    assert said.of("旗舰店").robots == (Robot(Service.WECOM, "FLAGSHIP"),)
    assert said.of("旗舰店").manager == "li@example.com"
    assert said.of("二店").robots == ()


def test_what_goes_out_by_itself(tmp_path: Path):
    assert loaded(tmp_path, '[notify]\nautomatic = ["notice", "slips"]\n').automatic == (
        Circulated.NOTICE,
        Circulated.SLIPS,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('automatic = ["all"]', "automatic 应为列表，可用的有：notice、slips、plans、letters、reminders、receipts"),
        ("smtp_prot = 25", "不认识的“smtp_prot”，是不是“smtp_port”？"),
        ('smtp_port = "25"', "smtp_port 应为 1 到 65535 的整数"),
        ('smtp_security = "none"\nsmtp_user = "hr"', "密码会不加密地发出去"),
        ('mail_from = "人事部"', "mail_from “人事部”写得不对"),
        ('mail_from = "a@b.cn\\nBcc: c@d.cn"', "mail_from 应为文字"),
        ('[[notify.group]]\nmanager = "li@example.com"', "第1段 [[notify.group]] 要写 name"),
        ('[[notify.group]]\nname = "甲"\nmanager = "li@example.com, b@example.com"', "只写一个地址"),
        ('[[notify.group]]\nname = "甲"\nrobots = ["wecom:https://qyapi…"]', "robots 应写成 服务:名称"),
        ('[[notify.group]]\nname = "甲"\n[[notify.group]]\nname = "甲"', "和前面一段都是“甲”"),
        ("[notify.group]\nname = 1", "以 [[notify.group]] 开头"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_to_write_instead(tmp_path: Path, text: str, told: str):
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, f"[notify]\n{text}\n")
    assert told in str(caught.value)
