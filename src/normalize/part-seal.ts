import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import type * as types from "../../generated/ir/types.ts";
import { fault } from "./fault.ts";

/** Length of a seal, in bytes: HMAC-SHA-256, truncated to 128 bits. */
const SEAL_BYTES = 16;

/** Separates these seals from any other use of the same secret. */
const PURPOSE = "spear:ai opaque-part 1";

/** Seals opaque parts and opens sealed ones. */
export type PartSealer = Pick<PartSeal, "seal" | "open">;

/**
 * Seals the opaque parts that a guest receives, and opens the parts that it returns. The seal stands before the provider's bytes in `data`.
 * The seal covers the provider, the kind (which names the place in a message) and the bytes.
 *
 * Otherwise a guest could make up parts, and an upstream would fetch URLs for it that the host refuses.
 */
export class PartSeal {
	/** A key object: an HMAC with a key of bytes costs five times as much, and an answer may hold thousands of parts. */
	readonly #key: KeyObject;

	/** @param secret Shared by hosts that accept each other's parts. The default is random: only this host accepts its parts. */
	constructor(secret: string | undefined) {
		this.#key = createSecretKey(secret === undefined ? randomBytes(32) : createHash("sha256").update(PURPOSE).update(secret).digest());
	}

	/** Returns the part with a seal. */
	seal(part: types.OpaquePart): types.OpaquePart {
		return { ...part, data: new Uint8Array(Buffer.concat([this.#sealOf(part, part.data), part.data])) };
	}

	/**
	 * Returns the part as the provider sent it.
	 *
	 * @param path Names the part in errors.
	 * @throws SpearError `invalid_request` for a part without a valid seal.
	 */
	open(part: types.OpaquePart, path: string): types.OpaquePart {
		const seal = part.data.subarray(0, SEAL_BYTES);
		const data = part.data.slice(SEAL_BYTES);
		if (seal.length < SEAL_BYTES || !timingSafeEqual(seal, this.#sealOf(part, data))) {
			throw fault(path, "this host has not sealed the part, or the part was altered; return a part as it was received");
		}
		return { ...part, data };
	}

	#sealOf({ provider, kind }: types.OpaquePart, data: Uint8Array): Buffer {
		const hmac = createHmac("sha256", this.#key);
		// Each text is preceded by its length. Otherwise bytes could move from one to the next.
		for (const text of [PURPOSE, provider, kind]) {
			const bytes = Buffer.from(text);
			hmac.update(`${bytes.length}:`).update(bytes);
		}
		return hmac.update(data).digest().subarray(0, SEAL_BYTES);
	}
}
