// Values of templates as text: to compare them, and to show them.

/** Equal for values that CloudFormation takes for the same. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  ) ?? '';

type Intrinsic = readonly [string, unknown];

const intrinsicIn = (value: unknown): Intrinsic | null => {
  if (typeof value !== 'object' || value === null) return null;
  const [entry, ...more] = Object.entries(value);
  return entry !== undefined && more.length === 0 ? entry : null;
};

/** As a person would write it: references in angle brackets. */
export function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, argument] = intrinsicIn(value) ?? [];
  if (name === 'Ref') return `<${String(argument).replace('AWS::', '')}>`;
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1]))
    return argument[1].map(plainText).join(String(argument[0]));
  if (name === 'Fn::GetAtt') return `<${Array.isArray(argument) ? argument.join('.') : String(argument)}>`;
  if (name === 'Fn::Sub') return Array.isArray(argument) ? String(argument[0]) : String(argument);
  if (name === 'Fn::GetStackOutput') {
    const { StackName, OutputName } = argument as { readonly StackName?: string; readonly OutputName?: string };
    return `<${StackName}.${OutputName}>`;
  }
  return canonical(value);
}
