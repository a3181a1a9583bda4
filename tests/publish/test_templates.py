"""The templates that people edit: which is used, what is refused at the start, and what comes out literally."""

from __future__ import annotations

import io
import pickle
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docxtpl import DocxTemplate

from appraisal.publish.notice.notice import notice, notice_context
from appraisal.publish.slips import slips
from appraisal.publish.templates.engine import PaperLimits, TemplateError, prepared_text
from appraisal.publish.templates.loading import Templates, load_templates, trial_of, try_out
from appraisal.publish.templates.word import prepared_document
from tests.builders.months import ISSUED, month
from tests.publish.documents import (
    SHIPPED,
    edited,
    html_lines,
    part_of,
    shipped,
    with_file,
    with_parts,
    word_lines,
)
from tools.word_templates.shipped import shipped_templates

RELATIONS = "word/_rels/document.xml.rels"
WORD_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
END_OF_RELATIONS = "</Relationships>"


def refusal(templates: Templates) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        try_out(templates, ())
    return caught.value


def with_notice(content: bytes) -> Templates:
    return with_file(shipped(), "notice.docx", content)


def with_paragraph(xml: str) -> Templates:
    """The notice with something before its first paragraph."""
    return with_notice(
        edited(shipped().word_files["notice.docx"], "<w:body>", f"<w:body><w:p><w:r>{xml}</w:r></w:p>")
    )


def with_tag(tag: str) -> Templates:
    return with_paragraph(f"<w:t>{tag}</w:t>")


# ------------------------------------------------------------------------------------ which is used


def test_shipped_templates_pass_the_check():
    """What comes with the program is never refused."""
    try_out(shipped(), ())


def test_a_word_file_without_a_byte_is_refused_like_others():
    """Also where its trial is named, which comes first."""
    empty = with_file(shipped(), "notice.docx", b"")
    assert trial_of("notice.docx", empty) != trial_of("notice.docx", shipped())
    assert "不是能打开的" in refusal(empty).sentence


def test_shipped_word_files_are_what_the_builder_makes():
    """`python -m tools.word_templates` gives the committed files, byte for byte."""
    for name, content in shipped_templates().items():
        assert (SHIPPED / name).read_bytes() == content


def test_own_file_goes_before_the_shipped_one(tmp_path: Path):
    """File by file: one edited template leaves the other three as they are shipped."""
    (tmp_path / "slip.html.j2").write_text("<main><p>{{ 姓名 }}</p></main>", "utf-8")
    own = load_templates(tmp_path, SHIPPED)
    assert own.texts["slip.html.j2"] == "<main><p>{{ 姓名 }}</p></main>"
    assert own.word_files["notice.docx"] == shipped().word_files["notice.docx"]
    assert own.sha256 != shipped().sha256
    assert load_templates(tmp_path / "absent", SHIPPED) == shipped()


def test_templates_travel_to_other_processes():
    """They go with every chunk of work."""
    assert pickle.loads(pickle.dumps(shipped())) == shipped()


def test_page_in_another_encoding_is_refused(tmp_path: Path):
    """A page saved as GBK would print rubbish."""
    (tmp_path / "slip.html.j2").write_bytes("<p>姓名</p>".encode("gbk"))
    with pytest.raises(TemplateError, match=r"slip\.html\.j2：不是 UTF-8 编码"):
        load_templates(tmp_path, SHIPPED)


def test_template_that_is_nowhere_is_named(tmp_path: Path):
    """Neither own nor shipped: the file's name and the folder to look in."""
    with pytest.raises(TemplateError, match=r"notice\.docx：读不出来"):
        load_templates(None, tmp_path)


def test_errors_survive_pickling():
    """Workers send them to the coordinator."""
    error = TemplateError("notice.docx", "“甲”处", "没有“甲”这个名称", "请改正。")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "模板 notice.docx，“甲”处：没有“甲”这个名称。请改正。"


# ------------------------------------------------------------------------------------ broken tags


def test_unknown_name_is_refused_with_its_place_and_the_nearest_name():
    """HR sees the words that stand there in Word."""
    error = refusal(with_tag("甲方：{{ 公 司 }}{{ 公斯 }}".replace("{{ 公 司 }}", "")))
    assert error.file == "notice.docx"
    assert error.place == "“甲方：{{ 公斯 }}”处"
    assert error.sentence == "没有“公斯”这个名称，是不是“公司”"


def test_unknown_name_inside_a_list_is_refused():
    """Names of entries are checked too."""
    error = refusal(
        with_notice(edited(shipped().word_files["notice.docx"], "{{ 项.组均值 }}", "{{ 项.均值 }}"))
    )
    assert error.sentence == "没有“均值”这个名称，是不是“组均值”"


def test_name_that_is_there_only_sometimes_needs_an_if():
    """A first notice has no 更正: asking for its parts without `if` is refused before the first month."""
    assert "事由" in refusal(with_tag("{{ 更正.事由 }}")).sentence


@pytest.mark.parametrize(
    "tag", ["{{ 公司 ", "{% if 试评 %}", "{% endif %}", "{%p for 甲 in %}", "{{ 公司 | 大写 }}", "{% 如果 %}"]
)
def test_broken_tag_is_refused(tag):
    """Not closed, not paired, or no such thing."""
    error = refusal(with_tag(tag))
    assert error.file == "notice.docx"
    assert error.next_step


@pytest.mark.parametrize(
    "near",
    [
        "｛｛公司｝｝",
        "{ { 公司 } }",
        "{{公司}",
        "{公司}}",
        "{公司}",
        "｛ 更正.事由 ｝",
        "{｛公司｝}",
        "{％ if 试评 ％}",
        "{%p if 试评 }",
    ],
)
def test_what_is_nearly_a_tag_is_refused_with_the_words_of_its_paragraph(near):
    """It would stand in the notice as it is: full-width braces, a space between, one missing."""
    error = refusal(with_tag(f"致：{near} 全体"))
    assert error.place == f"“致：{near} 全体”处"
    assert error.sentence == f"“{near}”不是标签，会原样印出来"
    assert "英文半角的花括号，两个花括号之间不留空格" in error.next_step


def test_all_that_is_nearly_a_tag_is_told_at_once_though_word_cut_it_into_runs():
    error = refusal(with_paragraph("<w:t>｛</w:t></w:r><w:r><w:t>｛公司｝｝和{ {落款} }</w:t>"))
    assert error.sentence == (
        "“｛｛公司｝｝”不是标签，会原样印出来；“｛｛公司｝｝和{ {落款} }”处的“{ {落款} }”也是"
    )


def test_a_page_is_looked_through_too_but_for_its_style_sheet():
    page = shipped().texts["notice.html.j2"]
    assert page.index("</style>") < page.index("<main>")
    error = refusal(
        with_file(shipped(), "notice.html.j2", page.replace("<main>", "<main><p>｛｛公司｝｝</p>", 1))
    )
    assert (error.file, error.sentence) == ("notice.html.j2", "“｛｛公司｝｝”不是标签，会原样印出来")
    assert re.fullmatch(r"第\d+行", error.place)


def test_braces_around_other_words_are_text():
    try_out(with_tag("公司〔2026〕{11}号 ｛会签｝ {50%} a } b { c"), ())


def test_unpaired_tags_that_tear_a_table_apart_are_refused():
    """docxtpl would repair such XML silently and lose text."""
    broken = edited(shipped().word_files["notice.docx"], "{%tr endfor %}", "{%p endfor %}")
    error = refusal(with_notice(broken))
    assert "不在同一层" in error.sentence


def test_tags_that_would_leave_an_empty_cell_are_refused():
    """Word calls a cell without a paragraph unreadable content, and does not open the notice."""
    cell = "{%p if 文号 %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ 文号 }}</w:t></w:r></w:p><w:p><w:r><w:t>{%p endif %}"
    error = refusal(
        with_notice(
            edited(
                shipped().word_files["notice.docx"],
                ">附件1<",
                f">附件1</w:t></w:r></w:p><w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>x<",
            )
        )
    )
    assert "删空" in error.sentence


def test_every_table_comes_to_have_as_many_columns_as_its_rows():
    """Whatever HR lays into a cell: a table of its own, merged cells, a column too many. docxtpl would change no more."""
    wide, narrow = '<w:gridCol w:w="900"/>' * 3, '<w:gridCol w:w="2700"/>'
    merged = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    repeated = "".join(
        f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        for text in ("{%tc for 格 in 排名表头 %}", "{{ 格 }}", "{%tc endfor %}")
    )
    inner = f"<w:tbl><w:tblGrid>{wide}</w:tblGrid><w:tr>{merged}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tblGrid>{narrow}</w:tblGrid><w:tr>{repeated}<w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    template = edited(
        shipped().word_files["notice.docx"], ">附件1<", f">附件1</w:t></w:r></w:p>{outer}<w:p><w:r><w:t>x<"
    )
    one = month()
    names = notice_context(one)
    content = prepared_document("notice.docx", template).render(names, created=ISSUED)
    body = part_of(content, "word/document.xml")
    columns = [grid.count("<w:gridCol") for grid in re.findall("<w:tblGrid>.*?</w:tblGrid>", body)]
    repeats = len(names["排名表头"])
    assert [repeats + 1, 2] == columns[columns.index(repeats + 1) :][:2]

    mended = DocxTemplate(io.BytesIO()).fix_tables(body.encode())

    assert [
        len(grid)
        for grid in mended.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblGrid")
    ] == columns


def test_page_names_the_line_of_a_mistake():
    """A text file has lines."""
    text = shipped().texts["slip.html.j2"].replace("{{ 综合得分 }}", "{{ 总分 }}")
    line = text[: text.index("{{ 总分 }}")].count("\n") + 1
    error = refusal(with_file(shipped(), "slip.html.j2", text))
    assert (error.file, error.place) == ("slip.html.j2", f"第{line}行")


def test_slips_in_word_are_checked_too():
    """The fourth file is not forgotten."""
    error = refusal(
        with_file(
            shipped(),
            "slips.docx",
            edited(shipped().word_files["slips.docx"], "{{ 单.姓名 }}", "{{ 单.名字 }}"),
        )
    )
    assert error.file == "slips.docx"


def test_tag_that_word_has_cut_into_runs_still_works():
    """Word puts spelling marks and formatting into the middle of what people typed."""
    cut = edited(
        shipped().word_files["notice.docx"],
        "{{ 公司 }}",
        '{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>{ 公</w:t></w:r>'
        '<w:r><w:t xml:space="preserve">司 }</w:t></w:r><w:r><w:t>}',
    )
    templates = with_notice(cut)
    try_out(templates, ())
    assert word_lines(notice(month(), templates).word)[0] == "星河商贸有限公司"


def test_template_saved_by_a_word_program_still_works():
    """python-docx writes the package anew, as Word does: other part order, other XML."""
    saved = io.BytesIO()
    docx.Document(io.BytesIO(shipped().word_files["notice.docx"])).save(saved)
    templates = with_notice(saved.getvalue())
    try_out(templates, ())
    assert word_lines(notice(month(), templates).word) == word_lines(notice(month(), shipped()).word)


# --------------------------------------------------------------------------------- hostile templates


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 'a' * 200000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 公司.center(999999999) }}",
        "{{ 公司.format(1) }}",
        "{% for 甲 in range(100000) %}{% for 乙 in range(100000) %}{% endfor %}{% endfor %}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as 甲 %}",
        "{{ look.__class__ }}",
    ],
)
def test_hostile_tag_is_refused(tag):
    """A template prints names; it does not reach into Python, fill the memory or read files."""
    assert refusal(with_tag(tag)).file == "notice.docx"
    assert refusal(with_file(shipped(), "notice.html.j2", f"<p>{tag}</p>")).file == "notice.html.j2"


NESTED = "{% for 甲 in 名次表 %}{% for 乙 in 名次表 %}{% for 丙 in 名次表 %}TEXT{% endfor %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (NESTED.replace("TEXT", ""), "，第2行：.*还没有完成"),
        (NESTED.replace("TEXT", "一" * 1000), "：.*过长"),
        ("{% set 甲 = 组 %}" + "{% set 甲 = 甲 ~ 甲 %}" * 60, "，第2行：.*过长"),
        ("{{ 名次表|join(组 ~ 组)|join(组) }}", "，第2行：.*过长"),
    ],
    ids=[
        "loops that print nothing",
        "loops that print",
        "a text that doubles itself",
        "a text between each two",
    ],
)
def test_what_a_template_comes_to_with_real_people_is_bounded(text: str, says: str) -> None:
    """The trial saw an example alone. It is stopped in time, and the template is told, and its line where that is known."""
    limits = PaperLimits(seconds=1.0, seconds_each=0, characters_each=0)
    names = {"组": "一" * 300, "名次表": ["一" * 20] * 700}
    with pytest.raises(TemplateError, match=f"模板 slip.html.j2{says}"):
        prepared_text("slip.html.j2", f"<p>\n{text}</p>", limits).render(names)


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("{% set 甲 %}{{ 公司 }}{% endset %}", "成段的"),
        ("{% set 甲 = [公司, 公司] %}", "只能写文字和数字"),
        ("{{ 公司 + 公司 }}", "不能做“.”运算"),
        ("{{ 排名 }}", "一组内容"),
    ],
)
def test_what_could_grow_without_end_is_refused(tag: str, says: str) -> None:
    assert re.search(says, refusal(with_file(shipped(), "notice.html.j2", f"<p>{tag}</p>")).sentence)


def test_what_people_do_write_goes_on() -> None:
    """Texts put together, a choice of words, the count of a loop."""
    text = "{% for 名 in 表 if 名 in ['甲', '乙'] %}{{ loop.index ~ '/' ~ loop.length ~ 名 }} {% endfor %}"
    assert prepared_text("slip.html.j2", text).render({"表": ["甲", "丙", "乙"]}) == "1/2甲 2/2乙 "


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("{% autoescape false %}{{ 公司 }}{% endautoescape %}", "autoescape"),
        ("{% if false %}{{ 公司 | safe }}{% endif %}", "|safe"),
        ("{% filter safe %}{{ 公司 }}{% endfilter %}", "|safe"),
    ],
)
def test_printing_unescaped_is_refused_with_its_place(tag, name):
    """In a page the line, in Word the paragraph; in a branch that is never taken as well."""
    page = refusal(with_file(shipped(), "notice.html.j2", f"<p>\n{tag}</p>"))
    assert (page.file, page.place) == ("notice.html.j2", "第2行")
    assert name in page.sentence
    word = refusal(with_tag(tag))
    assert word.file == "notice.docx"
    assert tag[:12] in word.place
    assert name in word.sentence


@pytest.mark.parametrize(
    ("relation", "says"),
    [
        (f'<Relationship Id="x" Type="{WORD_TYPES}/image" Target="http://x.invalid/a.png" TargetMode="External"/>', "外部文件"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/attachedTemplate" Target="http://x.invalid/t.dotm" TargetMode="External"/>', "模板"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/attachedTemplate" Target="t.dotm"/>', "模板"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/aFChunk" Target="a.html"/>', "altChunk"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/subDocument" Target="a.docx" TargetMode="External"/>', "子文档"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/oleObject" Target="embeddings/a.bin"/>', "对象"),
        (f'<Relationship Id="x" Type="{WORD_TYPES}/mailMergeSource" Target="file:///a" TargetMode="External"/>', "邮件合并"),
        ('<Relationship Id="x" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>', "宏"),
    ],
)  # fmt: skip
def test_template_that_reaches_outside_is_refused(relation, says):
    """Whoever opens the notice would fetch it, or run it."""
    content = edited(
        shipped().word_files["notice.docx"], END_OF_RELATIONS, relation + END_OF_RELATIONS, RELATIONS
    )
    assert says in refusal(with_notice(content)).sentence


def test_relations_of_the_settings_are_looked_at():
    """That is where Word keeps a remote template."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{WORD_TYPES}/attachedTemplate" Target="https://x.invalid/t.dotm"'
        ' TargetMode="External"/></Relationships>'
    )
    content = with_parts(shipped().word_files["notice.docx"], {"word/_rels/settings.xml.rels": rels})
    assert refusal(with_notice(content)).place == "word/_rels/settings.xml.rels"


def test_hyperlink_stays():
    """Nothing happens unless a person clicks."""
    link = f'<Relationship Id="x" Type="{WORD_TYPES}/hyperlink" Target="https://example.com" TargetMode="External"/>'
    try_out(
        with_notice(
            edited(shipped().word_files["notice.docx"], END_OF_RELATIONS, link + END_OF_RELATIONS, RELATIONS)
        ),
        (),
    )


FIELD = '<w:fldChar w:fldCharType="{}"/>'


@pytest.mark.parametrize(
    "xml",
    [
        "<w:instrText>DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe</w:instrText>",
        FIELD.format("begin") + "<w:instrText> DD</w:instrText></w:r><w:r><w:instrText>E excel</w:instrText>" + FIELD.format("end"),
        FIELD.format("begin") + '<w:instrText>INCLUDEPICTURE "http://x.invalid/a.png"</w:instrText>' + FIELD.format("end"),
        FIELD.format("begin") + "<w:instrText>QUOTE " + "</w:instrText>" + FIELD.format("begin") + "<w:instrText>PAGE</w:instrText>" + FIELD.format("end") + FIELD.format("end"),
        '</w:r><w:fldSimple w:instr=" includetext &quot;//x/a.docx&quot; "/><w:r>',
    ],
)  # fmt: skip
def test_field_that_fetches_or_starts_something_is_refused(xml):
    """Cut into runs, nested or simple: only fields that show page numbers, dates and the like pass."""
    assert "域" in refusal(with_paragraph(xml)).sentence


def test_alt_chunk_element_is_refused():
    """A foreign document inside this one."""
    content = edited(shipped().word_files["notice.docx"], "<w:sectPr>", '<w:altChunk r:id="x"/><w:sectPr>')
    assert "altChunk" in refusal(with_notice(content)).sentence


def test_page_numbers_may_be_used():
    """PAGE and NUMPAGES are what footers are for."""
    try_out(
        with_paragraph(FIELD.format("begin") + "<w:instrText> NUMPAGES </w:instrText>" + FIELD.format("end")),
        (),
    )


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/settings.xml", "docProps/core.xml"]
)
def test_document_type_is_refused_in_every_part(part):
    """No entities: no billion laughs, and nothing fetched."""
    text = part_of(shipped().word_files["notice.docx"], part).replace(
        "?>", '?><!DOCTYPE a [<!ENTITY x "y">]>', 1
    )
    assert (
        "DTD" in refusal(with_notice(with_parts(shipped().word_files["notice.docx"], {part: text}))).sentence
    )


def test_document_type_in_another_encoding_is_refused():
    """UTF-16 does not hide it."""
    text = part_of(shipped().word_files["notice.docx"], "word/settings.xml").replace("UTF-8", "UTF-16")
    content = with_parts(shipped().word_files["notice.docx"], {"word/settings.xml": text.encode("utf-16")})
    assert "UTF-8" in refusal(with_notice(content)).sentence


def test_document_with_macros_is_refused():
    """Whatever its name says."""
    content = edited(
        shipped().word_files["notice.docx"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "[Content_Types].xml",
    )
    assert "宏" in refusal(with_notice(content)).sentence


def test_other_files_are_refused():
    """An old .doc, a picture, an empty file, a workbook: none is a Word template."""
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    for content in (b"", b"\xd0\xcf\x11\xe0 old", b"PK\x03\x04 cut off", workbook.getvalue()):
        assert ".docx" in refusal(with_notice(content)).sentence


def test_file_that_unpacks_to_too_much_is_refused():
    """Counted before anything is read."""
    content = with_parts(shipped().word_files["notice.docx"], {"word/media/a.bin": b"\0" * (21 << 20)})
    assert "20 MB" in refusal(with_notice(content)).sentence


# ------------------------------------------------------------------------------------ hostile values

HOSTILE = [
    "A&B <1>",
    "{{7*7}}",
    "{% raw %}",
    "=1+1",
    "</w:t></w:r>x",
    "<script>alert(1)</script>",
    "${7*7}",
    "{_{7*7}_}",
]


def test_a_word_template_that_shows_some_slips_leaves_nobody_without_a_page():
    """The two are HR's to edit, each for itself."""
    some = edited(shipped().word_files["slips.docx"], "for 单 in 绩效单", "for 单 in 绩效单[1:2]")
    one = month(staff=4)
    written = slips(one, with_file(shipped(), "slips.docx", some))
    assert word_lines(written.collection).count("个人绩效考核结果通知单") == 1
    assert written.pages == slips(one, shipped()).pages


def test_a_mistake_of_the_page_is_not_taken_for_the_word_template_s():
    """Slips are made one after the other: the page while the Word file asks for the next."""
    spoilt = with_file(shipped(), "slip.html.j2", "{% if 月份 == '2026年11月' %}{{ 没有 }}{% endif %}")
    with pytest.raises(TemplateError) as caught:
        slips(month(), spoilt)
    assert caught.value.file == "slip.html.j2"


@pytest.mark.parametrize("name", HOSTILE)
def test_names_come_out_literally(name):
    """In Word and HTML, in the notice and on the slip, with everything that follows them."""
    one = month(
        staff=4, cells={("考核数据", "KF001", "姓名"): name, ("店长评分", "KF001", "评语"): f"{name}，好"}
    )
    lines = word_lines(notice(one, shipped()).word)
    assert f"{name}综合排名第一名，奖励100元。" in lines
    assert html_lines(notice(one, shipped()).page) == lines
    written = slips(one, shipped())
    paper = word_lines(written.collection)
    assert name in paper
    assert f"{name}，好" in paper
    assert f"姓名{name}" in "".join(html_lines(written.pages["KF001"].decode()))
    assert "<script>" not in written.pages["KF001"].decode()


def test_unprintable_characters_break_nothing():
    """Control marks, lone surrogates and marks that turn the direction are left out, the rest stays."""
    name = "张\x00\x0b三\ud800\u202e四\ufffe"
    one = month(staff=4, cells={("考核数据", "KF001", "姓名"): name})
    assert "张三四综合排名第一名，奖励100元。" in word_lines(notice(one, shipped()).word)
    assert "张三四" in notice(one, shipped()).page.encode().decode()
    written = slips(one, shipped())
    assert "张三四" in word_lines(written.collection)
    assert "姓名</span>张三四" in written.pages["KF001"].decode()


def test_line_breaks_in_a_remark_keep_the_page_whole():
    """What a manager typed with Alt+Enter stands on the slip as one remark."""
    one = month(staff=4, cells={("店长评分", "KF001", "评语"): "第一行\n第二行\t第三格"})
    assert any("第一行" in line and "第三格" in line for line in word_lines(slips(one, shipped()).collection))


# --------------------------------------------------------------------------------------- same bytes


def test_same_month_gives_the_same_bytes():
    """Two runs on two days cannot be told apart."""
    one = month()
    assert notice(one, shipped()).word == notice(one, shipped()).word
    assert slips(one, shipped()) == slips(one, shipped())


def test_documents_bear_the_day_of_issue_and_no_author():
    """Who made the template is nobody's business."""
    properties = docx.Document(io.BytesIO(notice(month(), shipped()).word)).core_properties
    assert properties.created.date() == ISSUED
    assert not properties.author


def test_template_is_compiled_once_a_process():
    """Opening and compiling is most of a document's time."""
    assert prepared_document("notice.docx", shipped().word_files["notice.docx"]) is prepared_document(
        "notice.docx", shipped().word_files["notice.docx"]
    )


# -------------------------------------------------------------------------------------------- fonts


def test_every_style_sets_an_east_asian_font():
    """Without it Word prints Chinese in the Latin font's stand-in; fonts are named, never embedded."""
    for content in (shipped().word_files["notice.docx"], shipped().word_files["slips.docx"]):
        styles = part_of(content, "word/styles.xml")
        own = re.findall(r'<w:style w:type="paragraph" w:customStyle="1".*?</w:style>', styles)
        fonts = part_of(content, "word/fontTable.xml")
        assert len(own) > 10
        for style in own:
            named = re.search(r'w:eastAsia="([^"]+)"', style)
            assert named is not None
            assert f'<w:font w:name="{named[1]}"><w:altName' in fonts
        assert "embed" not in fonts


def test_notice_follows_the_layout_of_official_papers():
    """A4, margins 3.7/3.5/2.8/2.6 cm, title 22 pt, body 16 pt on fixed 24 pt, page number per side."""
    paper = docx.Document(io.BytesIO(shipped().word_files["notice.docx"]))
    page = paper.sections[0]
    assert [round(one.cm, 1) for one in (page.page_width, page.page_height)] == [21.0, 29.7]
    assert [
        round(one.cm, 1) for one in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    ] == [3.7, 3.5, 2.8, 2.6]
    assert paper.styles["通报 标题"].font.size.pt == 22
    body = paper.styles["通报 正文"]
    assert (body.font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 24)
    assert paper.settings.odd_and_even_pages_header_footer
    assert part_of(shipped().word_files["notice.docx"], "word/footer1.xml").count("PAGE") == 1
    assert all(row._tr.xpath("./w:trPr/w:tblHeader") for table in paper.tables for row in table.rows[:1])
    assert "txbx" not in part_of(shipped().word_files["notice.docx"], "word/document.xml")
