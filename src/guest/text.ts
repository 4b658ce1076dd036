/**
 * Text as it may cross to the host: half a surrogate pair, which a cut through an emoji leaves, becomes U+FFFD. QuickJS would trap.
 */
export function wellFormed(text: string): string {
	return text.toWellFormed();
}
