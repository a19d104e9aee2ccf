// HTML as text in which every value is escaped unless it is HTML already. It must never let a value become markup.

/** Markup that was made by `html`: the only thing that is not escaped again. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Value = string | number | Markup | readonly Markup[] | false | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

function textOf(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escaped(String(value));
}

export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(strings.reduce((all, part, at) => all + textOf(values[at - 1]) + part));

/** JSON, coloured by kind of token. */
export function json(value: unknown): Markup {
  const parts = JSON.stringify(value, null, 2).split(/("(?:[^"\\]|\\.)*"(?::)?)/);
  return new Markup(
    parts
      .map((part, at) =>
        at % 2 === 0
          ? escaped(part)
          : part.endsWith(':')
            ? `<b>${escaped(part.slice(0, -1))}</b>:`
            : `<i>${escaped(part)}</i>`,
      )
      .join(''),
  );
}

/** Text in which "quoted names" are code. */
export const prose = (text: string): Markup[] =>
  text.split(/"([^"]+)"/).map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
