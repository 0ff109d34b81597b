import { element } from './element.js';

/** The navigation: links to the parts of a page. They stay in sight. */
export function navigation(parts: readonly HTMLElement[]): HTMLElement {
  const links = parts.map(({ id, firstChild }) => element('a', { href: `#${id}` }, firstChild?.textContent ?? id));
  return element('nav', { 'aria-label': 'Parts of the report' }, ...links);
}
