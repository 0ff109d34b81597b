import { readFileSync } from 'node:fs';
import { writeOutputFile } from '../../output/write-output-file.js';
import type { Comparison } from '../compare/comparison.js';
import type { TimeSeries } from '../report-data.js';
import { Packer, type ComparisonPageData } from './page-data.js';
import { pageHtml } from './page-html.js';
import { packedPage } from './packed-page.js';
import { pageSeriesOf } from './page-series.js';

/**
 * Writes a comparison as one page that needs nothing else.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writeComparisonPage(
  file: string,
  {
    comparison,
    series,
    scriptFile,
  }: {
    readonly comparison: Comparison;
    readonly series: readonly TimeSeries[];
    /** The script that draws the page in the browser. */
    readonly scriptFile: string;
  },
): void {
  const packer = new Packer();
  const title = `${comparison.kinds.map(({ label }) => label).join(', ')} compared`;
  const page: ComparisonPageData = {
    kind: 'comparison',
    title,
    comparison,
    series: series.map((each) => pageSeriesOf(each, packer, 0, undefined)),
  };
  writeOutputFile(file, pageHtml({ title, script: readFileSync(scriptFile, 'utf8'), data: packedPage(page, packer) }));
}
