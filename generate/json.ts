// JSON for people who read files: what holds no other object or list stands on one line, such as a reference.

const lineChars = 100;

export const prettyJson = (value: unknown): string =>
  // A line break can only stand between tokens: inside a text it would be escaped.
  `${JSON.stringify(value, null, 2)}\n`.replace(
    /([{[])\n\s+([^{}[\]]*)\n\s*([}\]])/g,
    (whole, open: string, inner: string, close: string) => {
      const space = open === '{' ? ' ' : '';
      const line = `${open}${space}${inner.replaceAll(/\n\s+/g, ' ')}${space}${close}`;
      return line.length > lineChars ? whole : line;
    },
  );
