/**
 * Random values and digests.
 *
 * @see https://w3c.github.io/webcrypto/
 */
import { sha1, sha256, sha384, sha512 } from "./digests.ts";
import { DomException } from "./dom-exception.ts";
import { randomBytes } from "./random.ts";

/** Largest array that `getRandomValues` fills, in bytes. */
const MAX_RANDOM_BYTES = 65_536;

const DIGESTS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
	"SHA-1": sha1,
	"SHA-256": sha256,
	"SHA-384": sha384,
	"SHA-512": sha512,
};

class SubtleCrypto {
	/** Returns the digest of bytes. The algorithms are SHA-1, SHA-256, SHA-384 and SHA-512. */
	async digest(algorithm: string | { readonly name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer> {
		const name = String(typeof algorithm === "object" ? algorithm.name : algorithm).toUpperCase();
		const digest = Object.hasOwn(DIGESTS, name) ? DIGESTS[name] : undefined;
		if (digest === undefined)
			throw new DomException(`there is no digest ${name}; choose ${Object.keys(DIGESTS).join(", ")}`, "NotSupportedError");
		return new Uint8Array(digest(bytesOf(data))).buffer;
	}

	get [Symbol.toStringTag](): string {
		return "SubtleCrypto";
	}
}

class Crypto {
	readonly subtle = new SubtleCrypto();

	/**
	 * Fills an array of integers with random bits, and returns it.
	 *
	 * @throws DOMException `TypeMismatchError` for another value, `QuotaExceededError` for more than 65,536 bytes.
	 */
	getRandomValues<T extends ArrayBufferView>(array: T): T {
		if (!ArrayBuffer.isView(array) || array instanceof DataView || /Float/.test(Object.prototype.toString.call(array)))
			throw new DomException("getRandomValues needs a typed array of integers", "TypeMismatchError");
		if (array.byteLength > MAX_RANDOM_BYTES)
			throw new DomException(
				`getRandomValues fills at most ${MAX_RANDOM_BYTES} bytes, and the array has ${array.byteLength}`,
				"QuotaExceededError",
			);
		new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
		return array;
	}

	/** Returns a random UUID of version 4. */
	randomUUID(): string {
		const bytes = randomBytes(16);
		bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
		bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
		const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
		return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
	}

	get [Symbol.toStringTag](): string {
		return "Crypto";
	}
}

export const crypto = new Crypto();

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
	if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	if (data instanceof ArrayBuffer) return new Uint8Array(data);
	throw new TypeError("digest needs an ArrayBuffer or a view of one");
}
