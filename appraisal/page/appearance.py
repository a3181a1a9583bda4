"""How the pages look and behave: their style sheet, their script, and the policy that lets nothing else in.

Style sheet and script stand here and not in the templates: the policy names the script by its hash, so what HR changes in a
template can neither break the page nor let a foreign script run.

On a phone a row becomes a card: the script names each value by its column (a rule for each column, and not a word in
each of six thousand rows), and the columns that can be sorted stand above as buttons. A reader program hears a table
at every width: the label beside a value is silent, because the column's name is told already.
"""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from appraisal.publish.excel import theme

STYLE = f"""
:root {{ --ink: #{theme.INK}; --paper: #{theme.WHITE}; --back: #{theme.GREY_FAINT}; --line: #cbd2d9;
  --quiet: #{theme.GREY_DARK}; --accent: #{theme.ACCENT}; --soft: #{theme.ACCENT_LIGHT}; --wrong: #{theme.WRONG}; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e6ebf0; --paper: #17212b; --back: #0f161d;
  --line: #3a4855; --quiet: #a9b7c4; --accent: #7cc0e2; --soft: #20394a; --wrong: #ff9d93; }} }}
* {{ box-sizing: border-box; }}
html {{ color-scheme: light dark; }}
body {{ margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.6 {theme.HTML_FONTS}; }}
.skip {{ position: absolute; left: -99em; }} .skip:focus {{ left: 1em; top: 1em; }}
header, main, footer {{ max-width: 88rem; margin: 0 auto; padding: 0 1.5rem; }}
header {{ padding-top: 1.5rem; }}
h1 {{ font-size: 1.6rem; line-height: 1.3; margin: 0; }}
h2 {{ font-size: 1.15rem; margin: 0 0 .75rem; }}
.about, footer, caption, .none {{ color: var(--quiet); }}
.about {{ margin: .25rem 0 1rem; }}
a {{ color: var(--accent); }}
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible,
.scroll:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; }}
nav ul, .figures, .files {{ display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; list-style: none; margin: 0 0 1rem; padding: 0; }}
.files {{ gap: .1rem .7rem; margin: 0; }}
section {{ background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 1.25rem 1.5rem; margin: 0 0 1.25rem; }}
.figures {{ gap: .75rem; }}
.figures div {{ flex: 1 1 8rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; }}
.figures dt {{ color: var(--quiet); font-size: .9rem; }} .figures dd {{ margin: 0; font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }}
.two {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.25rem; }}
.two section {{ min-width: 0; }}
.scroll {{ overflow-x: auto; }}
table {{ width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; padding-bottom: .4rem; font-size: .9rem; }}
th, td {{ text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }}
thead th {{ white-space: nowrap; background: var(--soft); }}
tbody th {{ font-weight: 600; }}
.n {{ text-align: right; white-space: nowrap; }} .w {{ white-space: nowrap; }}
th button {{ all: unset; cursor: pointer; font-weight: 600; }} th button:focus-visible {{ outline: 3px solid var(--accent); }}
th[aria-sort=ascending] button::after {{ content: " ▲"; }} th[aria-sort=descending] button::after {{ content: " ▼"; }}
.mark {{ display: inline-block; white-space: nowrap; border: 1.5px solid currentColor; border-radius: 3px; padding: 0 .45rem; font-size: .85rem; }}
.mark.late {{ color: var(--wrong); font-weight: 600; }} .mark.late::before {{ content: "! "; }}
.filter {{ display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 0 .75rem; }}
.filter input, .filter select {{ font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; padding: .25rem .5rem; max-width: 100%; }}
.filter input {{ min-width: 17em; }}
figure {{ margin: 0; }} figure svg {{ width: 100%; height: auto; display: block; max-height: 22rem; }}
figure .guide.line, figure .axis .line, figure .axis .major.line {{ stroke: var(--line) !important; stroke-dasharray: none !important; }}
figure .serie-0 path.line {{ stroke-width: 3 !important; stroke-opacity: 1 !important; }}
figure .graph .background, figure .plot > .background {{ fill: transparent !important; }}
details {{ margin-top: .5rem; }} summary {{ cursor: pointer; color: var(--accent); }}
.spark polyline {{ fill: none; stroke: var(--accent); stroke-width: 1.5; }} .spark circle {{ fill: var(--accent); }}
.filter button {{ font: inherit; color: var(--accent); background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; padding: .25rem .6rem; cursor: pointer; }}
main > section:has(.filter) {{ content-visibility: auto; contain-intrinsic-size: auto 30rem; }}
[hidden] {{ display: none !important; }}
@media (max-width: 40em) {{ header, main, footer {{ padding-left: .75rem; padding-right: .75rem; }} section {{ padding: 1rem .75rem; }} th, td {{ padding: .3rem .4rem; }}
  .filter label {{ display: flex; gap: .4rem; align-items: center; flex: 1 1 auto; }} .filter input {{ flex: 1; min-width: 0; }}
  figure svg {{ overflow: visible; }} figure svg text {{ font-size: 24px !important; }}
  figure svg .axis.x .guides:nth-last-child(even of .guides) text {{ display: none; }} }}
@media screen and (max-width: 40em) {{
  .cards, .cards caption, .cards tbody, .cards tr {{ display: block; }}
  .cards thead {{ position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }}
  .cards.sortable thead {{ display: block; position: static; clip-path: none; width: auto; height: auto; }}
  .cards thead tr {{ display: flex; flex-wrap: wrap; gap: .3rem; }} .cards thead th {{ border-radius: 4px; }}
  .cards tbody tr {{ padding: .5rem 0; border-bottom: 1px solid var(--line); }}
  .cards tbody td, .cards tbody th {{ display: inline-block; max-width: 100%; padding: 0 .9rem 0 0; border: 0;
    text-align: left; white-space: normal; overflow-wrap: anywhere; }}
  .cards tbody td:empty {{ padding: 0; }} .cards td:empty::before {{ display: none; }} .cards td::before {{ color: var(--quiet); font-size: .85rem; margin-right: .4em; }} }}
@media (min-width: 160em) {{ html {{ font-size: 24px; }} }}
@media print, (min-width: 40em) {{ .scroll td:not(.n):not(:empty) {{ min-width: 4.2em; }} }}
@media print {{ thead th.n {{ white-space: normal; }} .scroll th, .scroll td {{ padding: .3rem .4rem; }} }}
@media print {{ :root {{ --ink: #000; --paper: #fff; --back: #fff; --line: #999; --quiet: #444; --accent: #{theme.ACCENT}; --soft: #eee; --wrong: #{theme.WRONG}; }}
  @page {{ size: A4; margin: 14mm; }} body {{ font-size: 10.5pt; }} nav, .filter, .skip {{ display: none; }}
  section {{ border: 0; padding: 0; content-visibility: visible !important; }} tr, figure {{ break-inside: avoid; }} h2 {{ break-after: avoid; }} thead {{ display: table-header-group; }}
  header, main, footer {{ padding: 0; max-width: none; }} .scroll {{ overflow: visible; }} a {{ color: inherit; text-decoration: none; }} }}
"""

SCRIPT = """
(() => {
  "use strict";
  const labels = new CSSStyleSheet();
  document.querySelectorAll(".scroll > table").forEach((table, number) => {
    table.id ||= `table-${number}`;
    table.classList.add("cards");
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const cell = `#${table.id} tbody td:nth-child(${at + 1})::before`, label = JSON.stringify(head.textContent);
      labels.insertRule(`@media screen and (max-width: 40em) { ${cell} { content: ${label}; content: ${label} / ""; } }`);
    });
  });
  document.adoptedStyleSheets.push(labels);
  const words = text => text.toLowerCase().normalize("NFKC").split(/\\s+/).filter(Boolean);
  const MANY = 200, everything = [];
  for (const form of document.querySelectorAll("form.filter")) {
    const table = document.getElementById(form.dataset.table), count = form.querySelector("output");
    const rest = document.createElement("button"), texts = new Map();
    const textOf = row => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase().normalize("NFKC"));
      return texts.get(row);
    };
    let most = MANY;
    const apply = () => {
      const wanted = words(form.elements.q.value), kind = form.elements.kind ? form.elements.kind.value : "";
      const rows = [...table.tBodies].flatMap(body => [...body.rows]);
      let found = 0;
      for (const row of rows) {
        const fits = wanted.every(word => textOf(row).includes(word)) && (kind === "" || row.dataset.kind === kind);
        if (fits) found += 1;
        row.hidden = !fits || found > most;
      }
      count.textContent = `显示 ${Math.min(found, most)} / ${rows.length} 行`;
      rest.textContent = `显示全部${found}行`;
      rest.hidden = found <= most;
    };
    const show = number => { most = number; apply(); };
    rest.type = "button";
    rest.addEventListener("click", () => show(Infinity));
    form.append(" ", rest);
    form.addEventListener("input", apply);
    form.addEventListener("submit", event => event.preventDefault());
    table.addEventListener("sorted", apply);
    everything.push(show);
    form.hidden = false;
    apply();
  }
  const value = cell => {
    const text = (cell.dataset.value ?? cell.textContent).trim(), number = Number(text.replace(/[,%元]/g, ""));
    return text === "" || text === "—" ? null : Number.isNaN(number) ? text : number;
  };
  const order = new Intl.Collator("zh-CN", {numeric: true});
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b));
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = [...body.rows].map(row => [value(row.cells[at]), row]);
        keyed.sort(([a], [b]) => a === null ? (b === null ? 0 : 1) : b === null ? -1 : down ? compare(b, a) : compare(a, b));
        body.append(...keyed.map(([, row]) => row));
        table.dispatchEvent(new Event("sorted"));
      });
    });
  }
  const closed = [];
  addEventListener("beforeprint", () => {
    for (const show of everything) show(Infinity);
    for (const one of document.querySelectorAll("details:not([open])")) { one.open = true; closed.push(one); }
  });
  addEventListener("afterprint", () => {
    for (const show of everything) show(MANY);
    while (closed.length) closed.pop().open = false;
  });
})();
"""


_SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    f"script-src 'sha256-{_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched and no other script runs. Styles may stand in the page: the charts bring their own."""

OF_EVERY_PAGE = {"策略": POLICY, "样式": Markup(STYLE), "脚本": Markup(SCRIPT)}  # noqa: S704 - our own
"""By the names that the templates have for them."""
