// The processes of a world: a pool for each function.

import { type Code, type PoolOf, pool } from './functions.ts';
import type { Surroundings } from './process.ts';
import type { Product } from './product.ts';

export type Pools = { readonly [Name in keyof Product]: PoolOf<Product[Name]> };

export const poolsOf = (code: Product, surroundings: Surroundings): Pools =>
  Object.fromEntries(
    Object.entries(code).map(([name, each]) => [name, pool(each as Code<unknown, unknown>, surroundings)]),
  ) as unknown as Pools;
