export function shippedPython(source: string): string;
