/** What a kernel is given, for Jest: nothing is packed, and nothing fetched. */
export const loadInstallCode = (): Promise<string> =>
  Promise.resolve('install');
