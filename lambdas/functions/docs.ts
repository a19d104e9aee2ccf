// Trust boundary `docs`: shows the documentation, and may do nothing else.

import openapi from '../../docs/generated/openapi.json' with { type: 'json' };
import type { Document } from '../docs/document.ts';
import { serveDocs } from '../docs/serve.ts';

// Written by generate/openapi.ts as a `Document`: JSON has no literal types to say so.
export const handler = serveDocs(openapi as unknown as Document);
