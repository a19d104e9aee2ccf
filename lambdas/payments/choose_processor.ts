// Chooses the processor of a new payment, and refuses what it could not take, before anything is stored.

import type { InferOutput } from 'valibot';
import type { CreatePayment } from '../../contract/payments/payment.ts';
import { takesPayments } from '../connections/domain/connection.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { Processor } from '../processors/processor.ts';
import { orUnavailable } from './create_processor.ts';
import type { MoneyPorts } from './ports.ts';

type Requested = Pick<
  InferOutput<typeof CreatePayment>,
  'connection' | 'payment_method' | 'return_url' | 'off_session'
>;

export async function chooseProcessor(ports: MoneyPorts, scope: TenantScope, requested: Requested): Promise<Processor> {
  const { connection = null, payment_method, return_url } = requested;
  // The test processor moves no money, so it serves no live mode.
  if (connection === null && scope.mode === 'live') {
    const findings = [
      { pointer: '/connection', detail: 'Expected a connection: live mode has no processor of its own' },
    ];
    throw new Refusal('request_invalid', { findings });
  }
  const provider = connection === null ? 'test' : await providerOf(ports, scope, connection);
  if (provider === 'test' && ports.platform.config.testProcessorUrl === undefined) {
    throw new Refusal('test_processor_missing');
  }
  const processor = await ports.processorOf({ ...scope, connection, processor: provider });
  if (payment_method !== undefined && !processor.accepts(payment_method)) {
    const findings = [{ pointer: '/payment_method', detail: 'The processor knows no such payment method' }];
    throw new Refusal('payment_method_unknown', { findings });
  }
  const { needsReturnUrl } = processor;
  const isThere = payment_method !== undefined && !requested.off_session;
  const needed = needsReturnUrl === 'all' || (needsReturnUrl !== undefined && isThere);
  if (needed && return_url === undefined) {
    const findings = [{ pointer: '/return_url', detail: 'This processor may send the payer away: say where to' }];
    throw new Refusal('request_invalid', { findings });
  }
  return processor;
}

/** Deleted, of another tenant or mode, or never there: the caller cannot tell which. */
async function providerOf({ platform, connections }: MoneyPorts, scope: TenantScope, id: string): Promise<string> {
  const connection = await orUnavailable(platform, { ...scope, connection: id }, () => connections(id));
  if (!takesPayments(connection, scope)) {
    const findings = [{ pointer: '/connection', detail: 'There is no such connection' }];
    throw new Refusal('connection_not_found', { findings });
  }
  return connection.provider;
}
