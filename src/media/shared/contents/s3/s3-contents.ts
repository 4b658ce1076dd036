import type { ContentReader, ContentStore, ContentWriter } from "../content-store.ts";
import { BufferedBytes } from "./buffered-bytes.ts";
import type { S3Client } from "./s3-client.ts";
import { elementOf, S3Error } from "./s3-error.ts";
import { S3Reader } from "./s3-reader.ts";
import { S3Writer } from "./s3-writer.ts";

/** Bytes of a part. The protocol needs at least 5 MiB, and all parts of an upload but the last of one size suit every server. */
const PART_BYTES = 8 * 1024 * 1024;

/** Most parts of an upload in the protocol. */
const MAX_PARTS = 10_000;

/** Most bytes of parts in memory, over all writers of the host. */
const MAX_BUFFERED_BYTES = 256 * 1024 * 1024;

/** Most uploads of one content that a removal ends. A writer begins one. */
const MAX_UPLOADS = 10;

export interface S3ContentsOptions {
	readonly client: S3Client;
	/** Most bytes of an object. */
	readonly maxBytes: number;
	/** Bytes of a part. The default is 8 MiB. */
	readonly partBytes?: number;
}

/** Contents in a bucket. A content up to the size of a part is one request, a larger one is an upload in parts. */
export class S3Contents implements ContentStore {
	readonly #client: S3Client;
	readonly #partBytes: number;
	readonly #buffered = new BufferedBytes(MAX_BUFFERED_BYTES);

	constructor({ client, maxBytes, partBytes = PART_BYTES }: S3ContentsOptions) {
		this.#client = client;
		this.#partBytes = Math.max(partBytes, Math.ceil(maxBytes / MAX_PARTS));
	}

	write(id: string): ContentWriter {
		return new S3Writer(id, { client: this.#client, partBytes: this.#partBytes, buffered: this.#buffered });
	}

	read(id: string, size: number): ContentReader {
		return new S3Reader(this.#client, id, size);
	}

	/** Objects of a bucket do not end by themselves. */
	async keep(): Promise<void> {}

	async remove(id: string, isComplete: boolean): Promise<void> {
		await this.#client.send({ action: "remove", method: "DELETE", key: id }).catch(ignoreAbsent);
		if (isComplete) return;
		for (let count = 0; count < MAX_UPLOADS; count += 1) {
			const query = { uploads: "", prefix: this.#client.keyOf(id), "max-uploads": "1" };
			const answer = await this.#client.send({ action: "list uploads", method: "GET", key: undefined, query }).catch(ignoreUnknown);
			const uploadId = answer === undefined ? undefined : elementOf(answer.body.toString("utf8"), "UploadId");
			if (uploadId === undefined) return;
			await this.#client.send({ action: "end upload", method: "DELETE", key: id, query: { uploadId } }).catch(ignoreAbsent);
		}
	}

	/** The bucket's own rules remove what no record names: its operator sets them. */
	async removeAbandoned(): Promise<void> {}

	close(): Promise<void> {
		return this.#client.close();
	}
}

/** Ignores the failure of a server that lists no uploads. The rules of the bucket end them. */
function ignoreUnknown(thrown: unknown): undefined {
	if (!(thrown instanceof S3Error && thrown.status === 501)) throw thrown;
}

function ignoreAbsent(thrown: unknown): void {
	if (!(thrown instanceof S3Error && thrown.status === 404)) throw thrown;
}
