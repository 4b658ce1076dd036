import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Returns a digest of a file, in lower-case hexadecimal. Reads the file in pieces. */
export async function hashFile(path: string, algorithm: "sha256" | "sha512", signal?: AbortSignal): Promise<string> {
	const hash: Hash = createHash(algorithm);
	await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, signal === undefined ? {} : { signal });
	return hash.digest("hex");
}
