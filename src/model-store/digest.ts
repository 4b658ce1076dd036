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
