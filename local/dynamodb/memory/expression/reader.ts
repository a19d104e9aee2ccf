// Walks the words of one expression, and notes which placeholders and paths it has met.

import { type DynamoDbError, invalid } from '../error.ts';
import { type Token, type TokenKind, tokensOf } from './lexer.ts';
import { reserved } from './reserved.ts';
import type { Operand, OrderRule, Parsed, Path, Step, ValueRule } from './syntax.ts';

const nothing: Token = { kind: 'end', text: '<EOF>' };
/** Developer guide, "Constraints in Amazon DynamoDB": operators and functions in one expression. */
const mostOperators = 300;

export class Reader {
  readonly kind: string;
  readonly #tokens: readonly Token[];
  /** The last pair of parentheses that closed around a condition: the positions of its words. */
  group: readonly [number, number] = [-1, -1];
  #at = 0;
  #operators = 0;
  readonly #names = new Set<string>();
  readonly #values = new Set<string>();
  readonly #paths: Path[] = [];
  readonly #rules: ValueRule[] = [];
  readonly #orders: OrderRule[] = [];

  constructor(text: string, kind: string) {
    this.kind = kind;
    if (text.trim() === '') throw this.refusal('The expression can not be empty;');
    this.#tokens = tokensOf(text, kind);
  }

  get at(): number {
    return this.#at;
  }

  refusal(message: string): DynamoDbError {
    return invalid(`Invalid ${this.kind}: ${message}`);
  }

  unexpected(): DynamoDbError {
    const near = this.#tokens.slice(Math.max(0, this.#at - 1), this.#at + 2).filter(({ kind }) => kind !== 'end');
    return this.refusal(
      `Syntax error; token: "${this.peek().text}", near: "${near.map(({ text }) => text).join(' ')}"`,
    );
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? nothing;
  }

  /** Whether the next word is this symbol or, in any case of letters, this keyword; if so, it is consumed. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  sees(text: string, ahead = 0): boolean {
    const { kind, text: found } = this.peek(ahead);
    if (kind === 'symbol') return found === text;
    return kind === 'word' && found.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected();
  }

  next(kind: TokenKind): string {
    const token = this.peek();
    if (token.kind !== kind) throw this.unexpected();
    this.#at += 1;
    return token.text;
  }

  /** The name of the function that comes next, if one does. */
  takeFunction(): string | undefined {
    if (this.peek().kind !== 'word' || !this.sees('(', 1)) return undefined;
    const name = this.next('word');
    this.expect('(');
    this.operator();
    return name;
  }

  operator(): void {
    this.#operators += 1;
    if (this.#operators > mostOperators) {
      throw this.refusal(`The expression contains too many operators and functions; maximum allowed: ${mostOperators}`);
    }
  }

  #name(): string {
    const token = this.peek();
    this.#at += 1;
    if (token.kind === 'name') {
      this.#names.add(token.text);
      return token.text;
    }
    if (token.kind !== 'word') {
      this.#at -= 1;
      throw this.unexpected();
    }
    if (reserved.has(token.text.toUpperCase())) {
      throw this.refusal(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }

  path(): Path {
    const first = this.#name();
    const more: Step[] = [];
    for (;;) {
      if (this.take('.')) more.push(this.#name());
      else if (this.take('[')) {
        more.push(Number(this.next('number')));
        this.expect(']');
      } else break;
    }
    const path: Path = [first, ...more];
    this.#paths.push(path);
    return path;
  }

  value(): string {
    const name = this.next('value');
    this.#values.add(name);
    return name;
  }

  /** The operand's literal value, if it has one, must be of one of these types. */
  rule(operand: Operand, operator: string, types: readonly string[]): void {
    if (operand.kind === 'value') this.#rules.push({ value: operand.name, types, operator });
  }

  order(low: Operand, high: Operand): void {
    if (low.kind === 'value' && high.kind === 'value') this.#orders.push({ low: low.name, high: high.name });
  }

  done<Tree>(tree: Tree): Parsed<Tree> {
    if (this.peek().kind !== 'end') throw this.unexpected();
    return {
      kind: this.kind,
      tree,
      names: this.#names,
      values: this.#values,
      paths: this.#paths,
      rules: this.#rules,
      orders: this.#orders,
    };
  }
}
