/**
 * Returns a 32-bit hash of a text: FNV-1a over its UTF-16 units, then mixed, so that similar texts get unrelated hashes. Equal on every
 * host. Not for secrets.
 *
 * @param seed Different seeds give independent hashes. The default is 0.
 * @see https://www.rfc-editor.org/rfc/rfc9923 (FNV) and https://github.com/aappleby/smhasher (the finalizer of MurmurHash3)
 */
export function hash32(text: string, seed = 0): number {
	let hash = 0x811c9dc5 ^ seed;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	hash ^= hash >>> 16;
	hash = Math.imul(hash, 0x85ebca6b);
	hash ^= hash >>> 13;
	hash = Math.imul(hash, 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
