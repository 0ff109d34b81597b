// Does only what every report has to do: starts, loads the drawing library, and draws the graphs of a directory of specifications again.
// Run as `node bench/draw-alone.mjs FROM TO`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts/dist/echarts.esm.min.mjs';

const [, , from, to] = process.argv;
for (const name of readdirSync(from).filter((each) => each.endsWith('.graph.json'))) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 500 });
  chart.setOption(JSON.parse(readFileSync(join(from, name), 'utf8')));
  writeFileSync(join(to, name.replace('.graph.json', '.svg')), chart.renderToSVGString());
  chart.dispose();
}
process.exit(0);
