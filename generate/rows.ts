// The operation table in the order in which its texts stand: that of module exports differs from one loader to another.

import { operations } from '../contract/capabilities.ts';
import { operationTexts } from '../contract/texts.ts';

const order = Object.keys(operationTexts);

export const rows = operations.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
