// Which currencies mean the same to Adyen as to us. Where its minor unit is not that of ISO 4217, an order is refused: a
// charge a hundred times too large is worse than none.

// docs.adyen.com/development-resources/currency-codes, "differs from standard" (read 2026-11): two decimals for CLP and
// ISK, none for CVE and IDR.
const otherMinorUnit: ReadonlySet<string> = new Set(['CLP', 'CVE', 'IDR', 'ISK']);

export const takesCurrency = (currency: string): boolean => !otherMinorUnit.has(currency);
