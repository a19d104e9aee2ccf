// CloudFormation's CreateStack, its rollback, UpdateStack and DeleteStack, over what decides whether a deployment can be tried
// again: names, deletion policies and protection. Strict: of what runs beside each other, all that can be made is made before
// a failure ends the creation (CloudFormation user guide, "DeletionPolicy attribute", "Choose how to handle failures when
// provisioning resources", read 2026-12-01).

import type { Stack, StackResource } from './stacks.ts';

export type Status = 'CREATE_COMPLETE' | 'UPDATE_COMPLETE' | 'ROLLBACK_COMPLETE' | 'ROLLBACK_FAILED' | 'DELETE_FAILED';

export interface Outcome {
  readonly ok: boolean;
  readonly status: Status | 'DELETE_COMPLETE' | 'REFUSED';
  /** What AWS said; empty when it worked. */
  readonly reasons: readonly string[];
}

interface Deployed {
  readonly stack: Stack;
  readonly terminationProtection: boolean;
  readonly status: Status;
  /** In the order in which they were made. */
  readonly resources: readonly StackResource[];
}

/** Where the creation fails: before the resource is there, or when it is there and not yet well. */
export interface Failure {
  readonly id: string;
  readonly halfMade: boolean;
}

export interface Options {
  readonly failure?: Failure;
  /** `cdk deploy --import-existing-resources`: named resources that stayed behind are taken into the stack again. */
  readonly importExisting?: boolean;
}

export class Account {
  /** Name -> the stack that it belongs to; none: it stayed behind. */
  readonly names: Map<string, string | undefined>;
  readonly stacks: Map<string, Deployed>;
  /** Paths of constructs of buckets that hold something. */
  readonly filled: Set<string>;
  readonly #freeAtSeconds: Map<string, number>;
  nowSeconds: number;

  constructor(of?: Account) {
    this.names = new Map(of?.names);
    this.stacks = new Map(of?.stacks);
    this.filled = new Set(of?.filled);
    this.#freeAtSeconds = new Map(of === undefined ? [] : of.#freeAtSeconds);
    this.nowSeconds = of?.nowSeconds ?? 0;
  }

  /** As the CDK does: what failed to be created is deleted, then created; what is there is updated. */
  deploy(stack: Stack, options: Options = {}): Outcome {
    const found = this.stacks.get(stack.name);
    if (found?.status === 'CREATE_COMPLETE' || found?.status === 'UPDATE_COMPLETE') return this.#update(stack, found);
    if (found !== undefined) {
      const deleted = this.delete(stack.name);
      if (!deleted.ok) return deleted;
    }
    return this.#create(stack, options);
  }

  /** `aws cloudformation update-termination-protection --no-enable-termination-protection`, by hand. */
  unprotect(name: string): void {
    const found = this.stacks.get(name);
    if (found !== undefined) this.stacks.set(name, { ...found, terminationProtection: false });
  }

  delete(name: string): Outcome {
    const found = this.stacks.get(name);
    if (found === undefined) return { ok: true, status: 'DELETE_COMPLETE', reasons: [] };
    if (found.terminationProtection) {
      return {
        ok: false,
        status: 'REFUSED',
        reasons: [`${name} cannot be deleted while TerminationProtection is enabled`],
      };
    }
    const { left, reasons } = this.#remove(found.resources, name, ({ policy }) => policy === 'Delete');
    if (reasons.length > 0) {
      this.stacks.set(name, { ...found, status: 'DELETE_FAILED', resources: left });
      return { ok: false, status: 'DELETE_FAILED', reasons };
    }
    this.stacks.delete(name);
    return { ok: true, status: 'DELETE_COMPLETE', reasons };
  }

  #create(stack: Stack, { failure, importExisting = false }: Options): Outcome {
    const made: StackResource[] = [];
    const failed = new Set<string>();
    const reasons: string[] = [];
    for (const resource of stack.resources) {
      const wrong = resource.dependsOn.some((id) => failed.has(id))
        ? 'waits'
        : this.#wrong(resource, stack, importExisting);
      const breaks = wrong === undefined && failure?.id === resource.id;
      if (wrong !== undefined || breaks) failed.add(resource.id);
      if (wrong !== undefined && wrong !== 'waits') reasons.push(wrong);
      if (breaks) reasons.push(`${resource.path} failed`);
      if (wrong === undefined && (!breaks || failure?.halfMade === true)) {
        for (const { name } of resource.names) this.names.set(name, stack.name);
        made.push(resource);
      }
    }
    const { terminationProtection } = stack;
    if (failed.size === 0) {
      this.stacks.set(stack.name, { stack, terminationProtection, status: 'CREATE_COMPLETE', resources: made });
      return { ok: true, status: 'CREATE_COMPLETE', reasons };
    }
    // A creation that is taken back deletes what `RetainExceptOnCreate` holds; `Retain` stays behind.
    const rolledBack = this.#remove(made, stack.name, ({ policy }) => policy !== 'Retain');
    const status = rolledBack.reasons.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED';
    this.stacks.set(stack.name, { stack, terminationProtection, status, resources: rolledBack.left });
    return { ok: false, status, reasons: [...reasons, ...rolledBack.reasons] };
  }

  /** What is there by the same logical id is updated in place; nothing here is replaced. */
  #update(stack: Stack, found: Deployed): Outcome {
    const ids = (resources: readonly StackResource[]): string =>
      resources
        .map(({ id }) => id)
        .sort()
        .join();
    if (ids(found.resources) !== ids(stack.resources)) throw new Error(`${stack.name}: not an update in place`);
    const { terminationProtection, resources } = stack;
    this.stacks.set(stack.name, { stack, terminationProtection, status: 'UPDATE_COMPLETE', resources });
    return { ok: true, status: 'UPDATE_COMPLETE', reasons: [] };
  }

  #wrong({ names, path, policy }: StackResource, stack: Stack, importExisting: boolean): string | undefined {
    for (const { name } of names) {
      if ((this.#freeAtSeconds.get(name) ?? 0) > this.nowSeconds) return `${path}: ${name} was deleted recently`;
      if (!this.names.has(name)) continue;
      const adopts = importExisting && this.names.get(name) === undefined && policy !== 'Delete';
      if (!adopts) return `${path}: ${name} already exists (${stack.name})`;
    }
    return undefined;
  }

  /** The last one first. What is not deleted stays behind, without a stack. */
  #remove(
    resources: readonly StackResource[],
    owner: string,
    isDeleted: (resource: StackResource) => boolean,
  ): { readonly left: StackResource[]; readonly reasons: string[] } {
    const left: StackResource[] = [];
    const reasons: string[] = [];
    for (const resource of resources.toReversed()) {
      const refusal = isDeleted(resource) ? this.#refusal(resource) : undefined;
      if (refusal !== undefined) {
        left.unshift(resource);
        reasons.push(refusal);
        continue;
      }
      for (const { name, coolDownSeconds } of resource.names) {
        if (this.names.get(name) !== owner) continue;
        if (!isDeleted(resource)) this.names.set(name, undefined);
        else {
          this.names.delete(name);
          this.#freeAtSeconds.set(name, this.nowSeconds + coolDownSeconds);
        }
      }
    }
    return { left, reasons };
  }

  #refusal(resource: StackResource): string | undefined {
    if (resource.protected) return `${resource.path} is protected against deletion`;
    if (this.filled.has(resource.path)) return `${resource.path}: the bucket you tried to delete is not empty`;
    return undefined;
  }
}
