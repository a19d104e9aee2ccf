// Every type of event that is sent: its meaning, the object in its data, and an example.

import type { Document, WebhookObject } from './document.ts';
import { html, json, type Markup, prose } from './html.ts';
import { refName } from './schema.ts';

const bodyOf = ({ requestBody }: WebhookObject) => Object.values(requestBody.content)[0];

/** The schema that `data` has in events of this type. */
const shownBy = (webhook: WebhookObject): string | undefined => {
  const parts = bodyOf(webhook)?.schema.allOf ?? [];
  const ref = parts.flatMap(({ properties }) => properties?.data?.$ref ?? [])[0];
  return ref && refName(ref);
};

const entry = ([type, { post }]: [string, Document['webhooks'][string]]): Markup => {
  const data = shownBy(post);
  return html`<details id="event-${type}"><summary><code>${type}</code></summary>
  <p>${prose(post.description)} ${data !== undefined && html`Its <code>data</code> is ${/^[aeiou]/i.test(data) ? 'an' : 'a'} <a href="#schema-${data}">${data}</a>.`}</p>
  <figure><figcaption>POST to your endpoint</figcaption><pre>${json(bodyOf(post)?.example)}</pre></figure></details>`;
};

export const eventCatalogue = ({ webhooks }: Document): Markup => html`
<section class="chapter" id="event-catalogue">
  <h3><a href="#event-catalogue">Event catalogue</a></h3>
  <p>All that is sent to <a href="#webhooks">webhook endpoints</a>. New types are added; whoever receives events leaves alone those that it does not know.</p>
  ${Object.entries(webhooks).map(entry)}
</section>`;
