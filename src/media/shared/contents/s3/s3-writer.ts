import type { BytesResponse } from "../../../../transport/http/bytes-client.ts";
import type { ContentWriter } from "../content-store.ts";
import type { BufferedBytes } from "./buffered-bytes.ts";
import type { S3Client } from "./s3-client.ts";
import { elementOf, S3Error } from "./s3-error.ts";

/** Bytes of the first buffer of a part. A buffer doubles as it fills. */
const FIRST_BUFFER_BYTES = 65_536;

/** Longest tag of a part. */
const MAX_TAG_LENGTH = 256;

export interface S3WriterDeps {
	readonly client: S3Client;
	readonly partBytes: number;
	readonly buffered: BufferedBytes;
}

/** Writes a content to a bucket. Holds at most one part in memory. */
export class S3Writer implements ContentWriter {
	readonly #key: string;
	readonly #deps: S3WriterDeps;
	#part = Buffer.alloc(0);
	#filled = 0;
	#size = 0;
	#uploadId: string | undefined;
	/** Tags of the parts that were sent. */
	readonly #tags: string[] = [];

	constructor(key: string, deps: S3WriterDeps) {
		this.#key = key;
		this.#deps = deps;
	}

	async write(bytes: Uint8Array): Promise<void> {
		const { partBytes } = this.#deps;
		for (let start = 0; start < bytes.byteLength; ) {
			// A full part is sent when more follows: so the last part of a content is never empty.
			if (this.#filled === partBytes) await this.#sendPart();
			const end = Math.min(bytes.byteLength, start + partBytes - this.#filled);
			this.#append(bytes.subarray(start, end));
			start = end;
		}
	}

	/** The bucket keeps an upload until the upload is ended. */
	async keep(): Promise<void> {}

	async finish(): Promise<void> {
		const { client } = this.#deps;
		if (this.#uploadId === undefined) {
			await client.send({ action: "put", method: "PUT", key: this.#key, body: this.#part.subarray(0, this.#filled) });
			this.#dropPart();
			return;
		}
		await this.#sendPart();
		this.#dropPart();
		await this.#complete(this.#uploadId);
	}

	async discard(): Promise<void> {
		this.#dropPart();
		const uploadId = this.#uploadId;
		this.#uploadId = undefined;
		if (uploadId === undefined) return;
		// `remove` ends what this does not.
		await this.#deps.client.send({ action: "end upload", method: "DELETE", key: this.#key, query: { uploadId } }).catch(() => {});
	}

	#append(bytes: Uint8Array): void {
		const length = this.#filled + bytes.byteLength;
		if (length > this.#part.byteLength) {
			const capacity = Math.min(this.#deps.partBytes, Math.max(length, this.#part.byteLength * 2, FIRST_BUFFER_BYTES));
			this.#deps.buffered.add(capacity - this.#part.byteLength);
			const grown = Buffer.allocUnsafeSlow(capacity);
			grown.set(this.#part.subarray(0, this.#filled));
			this.#part = grown;
		}
		this.#part.set(bytes, this.#filled);
		this.#filled = length;
		this.#size += bytes.byteLength;
	}

	#dropPart(): void {
		this.#deps.buffered.remove(this.#part.byteLength);
		this.#part = Buffer.alloc(0);
		this.#filled = 0;
	}

	async #sendPart(): Promise<void> {
		const uploadId = this.#uploadId ?? (await this.#begin());
		const { headers } = await this.#deps.client.send({
			action: "put part",
			method: "PUT",
			key: this.#key,
			query: { partNumber: `${this.#tags.length + 1}`, uploadId },
			body: this.#part.subarray(0, this.#filled),
		});
		const tag = headers.etag;
		if (tag === undefined || tag.length > MAX_TAG_LENGTH) throw new S3Error("put part", { hint: ": the answer has no usable etag" });
		this.#tags.push(tag);
		this.#filled = 0;
	}

	async #begin(): Promise<string> {
		const { body } = await this.#deps.client.send({ action: "begin upload", method: "POST", key: this.#key, query: { uploads: "" } });
		this.#uploadId = elementOf(body.toString("utf8"), "UploadId");
		if (this.#uploadId === undefined) throw new S3Error("begin upload", { hint: ": the answer has no usable UploadId" });
		return this.#uploadId;
	}

	async #complete(uploadId: string): Promise<void> {
		const parts = this.#tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`);
		const body = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
		const { client } = this.#deps;
		const call = { action: "complete upload", method: "POST", key: this.#key, query: { uploadId }, body } as const;
		let answer: BytesResponse;
		try {
			answer = await client.send({ ...call, headers: { "content-type": "application/xml" } });
		} catch (thrown) {
			// An attempt whose answer was lost may have completed the upload.
			if (!(thrown instanceof S3Error && thrown.status === 404 && (await this.#isThere()))) throw thrown;
			this.#uploadId = undefined;
			return;
		}
		// The status is sent before the server has put the parts together.
		const text = answer.body.toString("utf8");
		if (text.includes("<Error>")) throw new S3Error("complete upload", { status: answer.status, code: elementOf(text, "Code") });
		this.#uploadId = undefined;
	}

	/** Returns true if the bucket has the whole content. */
	async #isThere(): Promise<boolean> {
		const call = { action: "check", method: "GET", key: this.#key, headers: { range: "bytes=0-0" } } as const;
		const { headers } = await this.#deps.client.send(call);
		return headers["content-range"]?.endsWith(`/${this.#size}`) === true;
	}
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
