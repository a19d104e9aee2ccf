// Secrets with their versions and stages, as Secrets Manager has them (API reference, read 2026-11). A version's value never
// changes once it is set; a stage is at one version at a time; a repeated call changes nothing.

import { AwsError } from '../endpoint/error.ts';

export interface Secret {
  readonly arn: string;
  readonly name: string;
  /** The first version, and its value. */
  readonly versionId: string;
  readonly value: string;
  /** Seconds since 1970, as every time here. */
  readonly createdAt: number;
  /** Of the customer-managed key that seals it; absent: AWS's own key, which needs no permission. */
  readonly keyArn?: string | undefined;
}

export interface Version {
  readonly id: string;
  readonly stages: readonly string[];
  /** Absent until the rotation sets it. */
  readonly value?: string | undefined;
  readonly createdAt: number;
}

/** The changes of a secret since it was created. */
export interface History {
  readonly versions: readonly Version[];
  readonly changedAt: number;
  readonly rotatedAt?: number | undefined;
}

export interface RotationSchedule {
  readonly functionArn: string;
  readonly days: number;
}

export const stages = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS', pending: 'AWSPENDING' } as const;

/** AWS stores about a hundred; the oldest without a stage are deleted first. */
const maxVersions = 100;
const daySeconds = 86_400;

export class HeldSecret {
  readonly secret: Secret;
  readonly schedule: RotationSchedule | undefined;
  /** Of a replica, which is read and never changed: the secret in its home region. */
  readonly primary: HeldSecret | undefined;
  readonly #now: () => number;
  #history: History;

  constructor(
    secret: Secret,
    schedule: RotationSchedule | undefined,
    history: History | undefined,
    now: () => number,
    primary?: HeldSecret,
  ) {
    this.secret = secret;
    this.primary = primary;
    this.schedule = schedule;
    this.#now = now;
    const { versionId: id, value, createdAt } = secret;
    const first = { id, stages: [stages.current], value, createdAt };
    this.#history = history ?? { versions: [first], changedAt: createdAt };
  }

  get history(): History {
    return this.primary?.history ?? this.#history;
  }

  at(stage: string): Version | undefined {
    return this.history.versions.find((version) => version.stages.includes(stage));
  }

  of(id: string): Version | undefined {
    return this.history.versions.find((version) => version.id === id);
  }

  /** Of a rotation that is not complete. */
  get pending(): Version | undefined {
    const waiting = this.at(stages.pending);
    return waiting?.stages.includes(stages.current) ? undefined : waiting;
  }

  /** Undefined: it is not to be rotated. */
  get dueAt(): number | undefined {
    const { rotatedAt } = this.#history;
    return this.schedule && (rotatedAt ?? this.secret.createdAt) + this.schedule.days * daySeconds;
  }

  put(id: string, value: string, at: readonly string[]): Version {
    const known = this.of(id);
    if (known?.value !== undefined) {
      if (known.value === value) return known;
      throw new AwsError('ResourceExistsException', `You can't use ClientRequestToken ${id} for another value.`);
    }
    this.#replace({ ...(known ?? { id, stages: [], createdAt: this.#now() }), value });
    for (const stage of at) this.#label(stage, id);
    return this.of(id) as Version;
  }

  move(stage: string, from: string | undefined, to: string | undefined): void {
    const holder = this.at(stage)?.id;
    const wrong = (what: string) => new AwsError('InvalidParameterException', what);
    if (from !== undefined && holder !== from)
      throw wrong(`Staging label ${stage} isn't attached to version ${from}, but to ${holder ?? 'none'}.`);
    if (to === undefined) {
      if (from === undefined) throw wrong('Give RemoveFromVersionId or MoveToVersionId.');
      if (stage === stages.current) throw wrong(`Staging label ${stage} can only be moved, never removed.`);
      this.#unlabel(stage);
      return;
    }
    if (this.of(to) === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret version.");
    if (holder === to) return;
    if (holder !== undefined && from === undefined)
      throw wrong(`Staging label ${stage} is attached to version ${holder}: name it in RemoveFromVersionId.`);
    this.#label(stage, to);
  }

  /** Makes the version of a new rotation, without a value. */
  begin(id: string): void {
    if (this.schedule === undefined)
      throw new AwsError('InvalidRequestException', 'No Lambda rotation function ARN is associated with this secret.');
    if (this.pending !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "A previous rotation isn't complete. That rotation will be reattempted.",
      );
    if (this.of(id) !== undefined) return;
    this.#replace({ id, stages: [], createdAt: this.#now() });
    this.#label(stages.pending, id);
  }

  rotated(): void {
    this.#history = { ...this.#history, rotatedAt: this.#now() };
  }

  #label(stage: string, id: string): void {
    const from = this.at(stage);
    if (from?.id === id) return;
    this.#unlabel(stage);
    const to = this.of(id);
    if (to !== undefined) this.#replace({ ...to, stages: [...to.stages, stage] });
    if (stage === stages.current && from !== undefined) this.#label(stages.previous, from.id);
  }

  #unlabel(stage: string): void {
    const from = this.at(stage);
    if (from !== undefined) this.#replace({ ...from, stages: from.stages.filter((each) => each !== stage) });
  }

  #replace(version: Version): void {
    const known = this.#history.versions.some(({ id }) => id === version.id);
    const versions = known
      ? this.#history.versions.map((each) => (each.id === version.id ? version : each))
      : [...this.#history.versions, version];
    const spare = versions.length - maxVersions;
    const dropped =
      spare > 0 ? versions.filter((each) => each.stages.length === 0 && each !== version).slice(0, spare) : [];
    this.#history = {
      ...this.#history,
      versions: versions.filter((each) => !dropped.includes(each)),
      changedAt: this.#now(),
    };
  }
}
