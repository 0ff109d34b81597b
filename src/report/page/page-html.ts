import { REPORT_FILES } from '../../output/report-files.js';

export interface PageParts {
  readonly title: string;
  /** The script that draws the page. */
  readonly script: string;
  /** The data that the script draws, in base64. */
  readonly data: string;
}

/**
 * Makes a page of a single file that can be opened from disk: nothing is fetched from anywhere, and the page's content
 * security policy says so.
 */
export function pageHtml({ title, script, data }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main id="page"><p>Reading the report …</p></main>
<noscript><p>This report is drawn by a script in this file, and scripts are switched off. The same numbers are in ${REPORT_FILES.summary}, ${REPORT_FILES.tables}/ and ${REPORT_FILES.graphs}/ beside it.</p></noscript>
<script type="application/octet-stream" id="data">${data}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { --ink: #1c2024; --faint: #5b6570; --line: #d5dae0; --paper: #ffffff; --ground: #f4f6f8;
  --good: #00694c; --doubtful: #8a5a00; --bad: #b03a00; --accent: #0072b2; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 20px 24px 60px; }
h1 { font-size: 26px; margin: 0 0 6px; }
h2 { font-size: 19px; margin: 34px 0 10px; }
h3 { font-size: 15px; margin: 0; }
section { scroll-margin-top: 52px; }
nav { position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 8px 0; background: var(--ground); border-bottom: 1px solid var(--line); }
a { color: var(--accent); }
.badge { display: inline-block; padding: 2px 10px; border-radius: 4px; color: #fff; font-weight: 600; margin-right: 8px; }
.good { background: var(--good); } .doubtful { background: var(--doubtful); } .bad { background: var(--bad); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 10px; margin: 14px 0; padding: 0; list-style: none; }
.facts li, .card { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; }
.facts b { display: block; font-size: 20px; font-weight: 600; }
.facts span, .faint { color: var(--faint); font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(540px, 100%), 1fr)); gap: 14px; }
.card p { margin: 2px 0 0; }
.chart { width: 100%; height: 330px; }
.chart.tall { height: 620px; }
.strip { height: 210px; }
.problems { border-left: 4px solid var(--bad); }
.problems li, .notes li { margin: 3px 0; overflow-wrap: anywhere; }
.tools { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin: 8px 0; }
input, select, button { font: inherit; padding: 4px 8px; border: 1px solid #9aa4af; border-radius: 4px; background: #fff; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; background: var(--paper); }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child, .text { text-align: left; }
td.wide { white-space: normal; overflow-wrap: anywhere; }
th button { border: 0; padding: 2px 0; font-weight: 600; background: none; }
tr.picked { background: #dceefa; }
tr.failed td { color: var(--bad); }
.better { color: var(--good); } .worse { color: var(--bad); }
details > summary { cursor: pointer; margin: 10px 0; }
@media print { nav, .tools { display: none; } body { background: #fff; } }
`;
