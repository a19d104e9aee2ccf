// Matches findings with the table of exceptions: a finding is covered by the row that names its rule and its construct, on
// a day before the row expires, in a zone of its profile, and by nothing else. It remembers which findings every row covered.

import { functions, queues } from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { ingressMethod } from '../derive/ingress.ts';
import type { ProfileName } from '../derive/profile.ts';
import { isInSecondRegion } from '../evidence/template.ts';
import type { Exception } from './exceptions.ts';

const oneOf = (names: object): string => Object.keys(names).join('|');

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What a placeholder may stand for. The same one twice in a row stands for the same thing. */
const placeholders: Readonly<Record<string, string>> = {
  account: String.raw`\d{12}|<AWS::AccountId>`,
  function: oneOf(functions),
  page: Object.values(pages)
    .map(({ path }) => escaped(path.slice(1)))
    .join('|'),
  hash: '[0-9A-F]{8}',
  ingress: escaped(ingressMethod.slice(1)),
  number: '[0-9]+',
  output: '[0-9A-F]{8}',
  part: String.raw`[\w-]+\.[\w-]+`,
  queue: oneOf(queues),
  region: '[a-z]{2}(?:-[a-z]+)+-[0-9]',
  role: String.raw`[\w-]+`,
  route: String.raw`[\w{}./-]+`,
  secret: oneOf(platformSecrets),
  /** Stacks that functions stand in. */
  stack: 'functions|api',
  stage: '[a-z0-9]+',
  table: '[A-Za-z0-9_.-]+',
  zone: '[a-z]+',
};

function patternOf({ id, at }: Exception): RegExp {
  const seen = new Set<string>();
  const source = `${id} ${at}`.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return escaped(part);
    const values = placeholders[name];
    if (values === undefined) throw new Error(`lib/compliance/exceptions.ts: {${name}} is no placeholder (${id})`);
    if (seen.has(name)) return String.raw`\k<${name}>`;
    seen.add(name);
    return `(?<${name}>${values})`;
  });
  return new RegExp(`^${source.join('')}$`);
}

interface Row {
  readonly exception: Exception;
  readonly pattern: RegExp;
  readonly acknowledged: string[];
}

export class ExceptionMatcher {
  readonly expired: readonly Exception[];
  readonly #rows: readonly Row[];
  readonly #acknowledged = new Set<string>();
  readonly #profiles: ReadonlySet<ProfileName>;
  readonly #hasSecondRegion: boolean;
  readonly #hasLocked: boolean;

  /**
   * @param today RFC 3339 full-date, UTC.
   * @param zones those that are checked
   */
  constructor(
    exceptions: readonly Exception[],
    today: string,
    zones: readonly { readonly profile: ProfileName; readonly hasSecondRegion: boolean; readonly locked: boolean }[],
  ) {
    this.#profiles = new Set(zones.map(({ profile }) => profile));
    this.#hasSecondRegion = zones.some(({ hasSecondRegion }) => hasSecondRegion);
    this.#hasLocked = zones.some(({ locked }) => locked);
    this.expired = exceptions.filter(({ expires }) => expires <= today);
    this.#rows = exceptions
      .filter((exception) => !this.expired.includes(exception))
      .map((exception) => ({ exception, pattern: patternOf(exception), acknowledged: [] }));
  }

  /**
   * @param id `<pack>::<rule>`
   * @param name path of the construct inside its zone
   * @param path path of the construct in the app
   * @param profile that of the construct's zone
   */
  find(id: string, name: string, path: string, profile: ProfileName | undefined): Exception | undefined {
    const row = this.#rows.find(
      ({ pattern, exception }) =>
        (exception.profile === undefined || exception.profile === profile) &&
        (exception.secondRegion !== true || isInSecondRegion(path)) &&
        pattern.test(`${id} ${name}`),
    );
    if (row === undefined) return undefined;
    row.acknowledged.push(path);
    this.#acknowledged.add(`${id} ${path}`);
    return row.exception;
  }

  /** Whether an acknowledgement in the construct tree comes from this table. */
  hasAcknowledged(id: string, path: string): boolean {
    return this.#acknowledged.has(`${id} ${path}`);
  }

  /** A row of a profile, of second regions or of locked stages that no zone has could match nothing. */
  unused(): readonly Exception[] {
    return this.#rows
      .filter(({ acknowledged }) => acknowledged.length === 0)
      .map(({ exception }) => exception)
      .filter(({ profile }) => profile === undefined || this.#profiles.has(profile))
      .filter(({ secondRegion }) => secondRegion !== true || this.#hasSecondRegion)
      .filter(({ locked }) => locked !== true || this.#hasLocked);
  }

  /** Rows in the order of the table, with the paths of the constructs whose findings each covers. */
  used(): readonly { readonly exception: Exception; readonly acknowledged: readonly string[] }[] {
    return this.#rows;
  }
}
