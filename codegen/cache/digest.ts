/** Digests of several parts. */
import { createHash } from "node:crypto";

/** SHA-256 of the parts in lower-case hexadecimal. Their lengths go in too, so that no other division gives the same digest. */
export function digestOf(parts: readonly (string | Uint8Array)[]): string {
	const hash = createHash("sha256");
	for (const part of parts) {
		const bytes = typeof part === "string" ? Buffer.from(part) : part;
		hash.update(`${bytes.length} `).update(bytes);
	}
	return hash.digest("hex");
}
