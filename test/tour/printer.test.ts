// What the tour prints: short, without secrets, and in colour on terminals only.

import { describe, expect, it } from 'vitest';
import { UnmetExpectation } from '../../cli/tour/expect.ts';
import { printer } from '../../cli/tour/printer.ts';

const colour = '\u001b[';
const id = `pay_us_${'a'.repeat(26)}`;

const printed = (isTTY: boolean, noColor?: string): string => {
  let text = '';
  const print = printer({ isTTY, write: (more) => (text += more) }, noColor);
  print.chapter('A chapter');
  print.request({
    method: 'POST',
    path: `/v1/payments/${id}/captures`,
    as: { name: 'shop', secret: 'sk_test_secret' },
    key: 'order-1',
    body: {},
  });
  const json = { id, status: 'captured', secret: 'sk_test_other', last_error: null };
  print.reply({ status: 201, headers: new Headers(), text: JSON.stringify(json), json }, [
    'id',
    'status',
    'last_error',
  ]);
  print.failed(new UnmetExpectation('there is one charge', '[]'));
  return text;
};

describe('the tour’s printer', () => {
  it('colours terminals, and nothing else', () => {
    expect(printed(true)).toContain(colour);
    expect(printed(false)).not.toContain(colour);
    expect(printed(true, '1')).not.toContain(colour);
  });

  it('prints no secret, whether sent or received', () => {
    expect(printed(false)).not.toContain('sk_test');
  });

  it('numbers chapters, shortens ids, leaves out what is null, and names the unmet expectation', () => {
    const text = printed(false);
    expect(text).toContain('1. A chapter');
    expect(text).toContain('/v1/payments/pay_us_aaaaaa…/captures');
    expect(text).toContain('← 201 {"id": "pay_us_aaaaaa…", "status": "captured"}');
    expect(text).toContain('✗ Expected: there is one charge\n  Seen: []');
  });
});
