// AWS's own validator takes longer than all else of a synthesis, and writes nothing that is deployed: whoever looks at what
// was written, or at our rules, does without it. The packs run all the same.

const variable = 'CDK_VALIDATION';

export function unvalidated<T>(synthesize: () => T): T {
  const before = process.env[variable];
  process.env[variable] = 'false';
  try {
    return synthesize();
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
}
