/**
 * Returns text in the form that the ABI accepts. Half a surrogate pair, such as a cut emoji leaves, becomes U+FFFD. Otherwise QuickJS
 * would trap.
 */
export function wellFormed(text: string): string {
	return text.toWellFormed();
}
