/** What is wider than a phone scrolls in its own box, also by keyboard. */
import { type Html, html } from './html.ts';

export const scrollable = (label: string, content: Html): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
