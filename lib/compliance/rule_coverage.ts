// Records which rule has read which type of resource. A type that no rule has read is not covered, however clean the report.

export class RuleCoverage {
  readonly #rules = new Map<string, Set<string>>();

  record(type: string, rule: string): void {
    const rules = this.#rules.get(type) ?? new Set();
    this.#rules.set(type, rules.add(rule));
  }

  /** Ids of the rules that have read resources of this type, sorted. */
  rulesOf(type: string): readonly string[] {
    return [...(this.#rules.get(type) ?? [])].sort();
  }
}
