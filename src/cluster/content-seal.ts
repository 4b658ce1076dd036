import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { SpearError } from "../errors/spear-error.ts";
import { StoreError } from "./store-error.ts";

/** Form in which contents are written into the shared store: inputs, outputs and results of runs, and media. */
export type ContentMode = "none" | "sealed" | "plain";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** First byte of a content: its form. */
const FORM = { plain: 0, sealed: 1 } as const;

/**
 * Writes and reads contents of the shared store. `sealed` encrypts by AES-256-GCM, and binds each content to its place. Otherwise who can write to the
 * store could put the answer of one run in the place of another.
 */
export class ContentSeal {
	readonly mode: ContentMode;
	readonly #key: Buffer | undefined;
	/** Key of digests. Another one than that of contents. */
	readonly #digestKey: Buffer | undefined;

	/** @param secret Secret that the hosts share. Needed for `sealed`. */
	constructor(mode: ContentMode, secret: string | undefined) {
		this.mode = mode;
		this.#digestKey = secret === undefined ? undefined : Buffer.from(hkdfSync("sha256", secret, "", "spear digest", 32));
		this.#key = mode === "sealed" && secret !== undefined ? Buffer.from(hkdfSync("sha256", secret, "", "spear content", 32)) : undefined;
	}

	/**
	 * Returns a digest by which hosts with the same secret recognize a text, and others cannot guess a short one. `undefined` without a secret.
	 *
	 * @param purpose Digests of different purposes are unrelated.
	 */
	digest(text: string, purpose: string): string | undefined {
		if (this.#digestKey === undefined) return undefined;
		return createHmac("sha256", this.#digestKey).update(`${purpose}\n${text}`).digest("base64url").slice(0, 22);
	}

	/**
	 * Throws if contents may not be written.
	 *
	 * @param feature Feature that needs them, for the message.
	 * @throws SpearError `not_permitted`.
	 */
	check(feature: string): void {
		if (this.mode === "none")
			throw new SpearError(
				"not_permitted",
				`${feature}: the shared store may hold no contents; set content = "sealed" with content_key_env in [cluster], or content = "plain"`,
			);
	}

	/**
	 * Returns the stored form of a content.
	 *
	 * @param place Identifier of the place, e.g. `run/<id>/input`. `open` needs the same.
	 */
	seal(content: Uint8Array, place: string): Buffer {
		this.check(place);
		if (this.#key === undefined) return Buffer.concat([Buffer.of(FORM.plain), content]);
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(place));
		const body = cipher.update(content);
		return Buffer.concat([Buffer.of(FORM.sealed), nonce, body, cipher.final(), cipher.getAuthTag()]);
	}

	/**
	 * Returns the content of a stored form.
	 *
	 * @throws StoreError `invalid_value` for a form that `seal` of these settings did not make for this place.
	 */
	open(stored: Uint8Array, place: string): Buffer {
		const form = this.#key === undefined ? FORM.plain : FORM.sealed;
		if (stored[0] !== form)
			throw new StoreError("invalid_value", `${place}: the content has another form; hosts must have the same [cluster] content`);
		if (this.#key === undefined) return Buffer.from(stored.subarray(1));
		const nonceEnd = 1 + NONCE_BYTES;
		const tagStart = stored.length - TAG_BYTES;
		if (tagStart < nonceEnd) throw new StoreError("invalid_value", `${place}: the content is cut off`);
		const decipher = createDecipheriv("aes-256-gcm", this.#key, stored.subarray(1, nonceEnd))
			.setAAD(Buffer.from(place))
			.setAuthTag(stored.subarray(tagStart));
		try {
			return Buffer.concat([decipher.update(stored.subarray(nonceEnd, tagStart)), decipher.final()]);
		} catch (cause) {
			throw new StoreError("invalid_value", `${place}: the content was not sealed by a host with this key, or not for this place`, {
				cause,
			});
		}
	}
}
