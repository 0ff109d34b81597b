/** The script that draws a report in the browser: it is bundled into one file, which each page holds. */
import type { AnyPageData } from '../page-data.js';
import { comparisonPage } from './comparison-page.js';
import { element } from './element.js';
import { readContent } from './packed-data.js';
import { reportPage } from './report-page.js';

const page = document.getElementById('page');

async function draw(): Promise<void> {
  const { data, values } = await readContent<AnyPageData>('data');
  page?.replaceChildren(...(data.kind === 'report' ? reportPage({ data, values }) : comparisonPage({ data, values })));
  document.documentElement.dataset['ready'] = 'yes';
}

draw().catch((error: unknown) => {
  page?.replaceChildren(element('p', { class: 'card problems' }, `This report cannot be shown: ${String(error)}`));
  throw error;
});
