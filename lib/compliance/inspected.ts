// Remembers which rule has looked at which type of resource, while the rules look. What no rule has looked at is not
// covered, however clean the report.

export class RuleCoverage {
  readonly #rules = new Map<string, Set<string>>();

  saw(type: string, rule: string): void {
    const rules = this.#rules.get(type) ?? new Set();
    this.#rules.set(type, rules.add(rule));
  }

  /** Ids of the rules that looked at resources of this type, sorted. */
  rulesOf(type: string): readonly string[] {
    return [...(this.#rules.get(type) ?? [])].sort();
  }
}
