import { existsSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Chromium and its kin are on common systems; `GUMBY_TEST_BROWSER` names another. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Nothing on a machine without one: pages are not tested there, and the test run says so. */
export const BROWSER: string | undefined =
  process.env['GUMBY_TEST_BROWSER'] ?? PLACES.find((place) => existsSync(place));

export interface OpenedPage {
  readonly page: Page;
  /** Everything that the page wrote to the console, and every exception. */
  readonly complaints: readonly string[];
}

/** Opens a file from disk in headless Chromium, which ends with the test. */
export async function openPage(t: ExecutionContext, file: string): Promise<OpenedPage> {
  if (BROWSER === undefined) throw new Error('there is no Chromium on this machine');
  const browser: Browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 950 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector('html[data-ready=yes]');
  return { page, complaints };
}
