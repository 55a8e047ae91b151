/** What the schema says of a setting, or of a member of one. */
export interface IProperty {
  readonly title?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly oneOf?: ReadonlyArray<{ readonly const: unknown }>;
  readonly properties?: Properties;
}
export type Properties = Readonly<Record<string, IProperty>>;
export type Values = Readonly<Record<string, unknown>>;

/** Whether a setting takes a value. */
export function takes(property: IProperty, value: unknown): boolean {
  const { type, oneOf, pattern } = property;
  const { minimum = -Infinity, maximum = Infinity } = property;
  if (type === 'object') {
    return isObject(value);
  }
  if (type === 'integer') {
    const number = value as number;
    return Number.isInteger(value) && number >= minimum && number <= maximum;
  }
  return (
    typeof value === type &&
    (pattern === undefined || new RegExp(pattern).test(value as string)) &&
    (!oneOf || oneOf.some(choice => choice.const === value))
  );
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
