import { createHash, createHmac } from "node:crypto";

/** SHA-256 or, with a secret, its HMAC, in the form that the signer of Amazon's requests takes. */
export class AwsSha256 {
	readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

	constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
		this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
	}

	update(data: string | ArrayBuffer | ArrayBufferView): void {
		this.#hash.update(bytesOf(data));
	}

	async digest(): Promise<Uint8Array> {
		return this.#hash.digest();
	}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
	if (typeof data === "string") return Buffer.from(data);
	return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
