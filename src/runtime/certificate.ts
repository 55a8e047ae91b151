/** Why a certificate is refused; each reason has its own words in the settings. */
export type CertificateProblem = 'form' | 'scheme' | 'server';

const FINGERPRINT = /^[0-9a-f]{64}$/;

/**
 * Check the fingerprint of the certificate that is trusted. The Jupyter server has
 * the same rule; both are held to `conformance/rules/fingerprints.json`.
 *
 * @param value - the fingerprint, also with the capitals, colons and spaces of
 * programs that print it; white space: there is none
 * @param host - the host that has the certificate, as `readHost` gives it
 * @param hasServer - whether there is a Jupyter server, which alone can look at it
 */
export function certificateProblem(
  value: string,
  host: string,
  hasServer: boolean
): CertificateProblem | null {
  const digits = value.replace(/[\s:]/g, '').toLowerCase();
  if (digits === '') {
    return null;
  }
  if (!FINGERPRINT.test(digits)) {
    return 'form';
  }
  if (!host.startsWith('https:')) {
    return 'scheme';
  }
  return hasServer ? null : 'server';
}
