"""The paragraph styles of notices: GB/T 9704—2012 as firms follow it.

A4, margins 3.7/3.5/2.8/2.6 cm, title 二号, body 三号仿宋, headings 黑体, page number `-1-` odd right and even left. Lines
stand 24 pt apart and not the usual 28, as the standard allows where it is needed: a group of fifteen has its notice
on two pages.
"""

from __future__ import annotations

from appraisal.publish.word.document import Page, Style, TableStyle
from tools.word_templates.tags import TAG_STYLES

_XIAO_BIAO_SONG, _FANG_SONG, _HEI, _SONG = "方正小标宋简体", "FangSong", "SimHei", "SimSun"

LETTERHEAD = Style("通报 公司", _XIAO_BIAO_SONG, 18, 26, align="center")
NUMBER = Style("通报 文号", _FANG_SONG, 14, 22, align="center")
RULE = Style("通报 横线", _FANG_SONG, 4, 6, after=8, rule_below=True)
TITLE = Style("通报 标题", _XIAO_BIAO_SONG, 22, 34, align="center", tracking=-1, after=8, outline=0)
"""A little closer than its size asks for: groups of five characters still leave the title on one line."""
ADDRESSEE = Style("通报 主送", _FANG_SONG, 16, 24, keep_next=True)
BODY = Style("通报 正文", _FANG_SONG, 16, 24, first_line=2)
INTRODUCING = Style("通报 引出", _FANG_SONG, 16, 24, first_line=2, keep_next=True)
"""What stands over a table, and stays with it."""
HEADING = Style("通报 一级标题", _HEI, 16, 24, first_line=2, keep_next=True, outline=1)
NOTE = Style("通报 表注", _FANG_SONG, 12, 18, before=2)
TABLE_HEAD = Style("通报 表头", _HEI, 11, 16, align="center")
TABLE_TEXT = Style("通报 表格", _FANG_SONG, 11, 16, align="center")
SHORT_HEAD = Style("通报 短表表头", _HEI, 11, 16, align="center", keep_next=True)
SHORT_TEXT = Style("通报 短表", _FANG_SONG, 11, 16, align="center", keep_next=True)
"""For tables of a few rows, which stay whole and with what follows them."""
CLOSING = Style("通报 结语", _FANG_SONG, 16, 24, first_line=2, keep_next=True)
"""From here to the copies all stays together: a page with nothing but the signature is no paper to sign."""
ENCLOSED = Style("通报 附件说明", _FANG_SONG, 16, 24, first_line=2, keep_next=True)
SIGNED = Style("通报 落款", _FANG_SONG, 16, 24, align="right", right=2, before=8, keep_next=True)
DATED = Style("通报 成文日期", _FANG_SONG, 16, 24, align="right", right=4, keep_next=True)
COPIES = Style("通报 抄送", _FANG_SONG, 12, 20, before=4, rule_above=True, rule_below=True)
PAGE_NUMBER = Style("通报 页码", _SONG, 14, 18)
ATTACHMENT = Style("通报 附件", _HEI, 16, 28, new_page=True, outline=1)
ATTACHMENT_TITLE = Style("通报 附件标题", _XIAO_BIAO_SONG, 18, 32, align="center", after=8)
SMALL_HEAD = Style("通报 附表表头", _HEI, 10.5, 16, align="center")
SMALL = Style("通报 附表", _FANG_SONG, 10, 13, align="left")
SMALL_CENTRED = Style("通报 附表居中", _FANG_SONG, 10, 13, align="center")
NOTICE_STYLES = (
    LETTERHEAD, NUMBER, RULE, TITLE, ADDRESSEE, BODY, INTRODUCING, HEADING, NOTE, TABLE_HEAD, TABLE_TEXT,
    SHORT_HEAD, SHORT_TEXT, CLOSING, ENCLOSED, SIGNED, DATED, COPIES, PAGE_NUMBER, ATTACHMENT, ATTACHMENT_TITLE, SMALL_HEAD,
    SMALL, SMALL_CENTRED, *TAG_STYLES,
)  # fmt: skip

PAGE = Page(top=37, right=26, bottom=35, left=28, footer=28)
TEXT_WIDTH = 156.0
"""Millimetres between the margins."""

PLAIN = TableStyle()
