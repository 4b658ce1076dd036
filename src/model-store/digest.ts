import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Algorithm of a digest, and its value in lower-case hexadecimal. */
export interface Digest {
	readonly algorithm: "sha256" | "sha512";
	readonly hex: string;
}

/** Returns the digest that a registry spells `sha512-<base64>` or `sha256:<hexadecimal>`. */
export function digestOf(integrity: string): Digest {
	if (integrity.startsWith("sha256:")) return { algorithm: "sha256", hex: integrity.slice("sha256:".length) };
	return { algorithm: "sha512", hex: Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex") };
}

/** Returns a digest of a file, in lower-case hexadecimal. Reads the file in pieces. */
export async function hashFile(path: string, algorithm: Digest["algorithm"], signal?: AbortSignal): Promise<string> {
	const hash: Hash = createHash(algorithm);
	await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, signal === undefined ? {} : { signal });
	return hash.digest("hex");
}
