import { SpearError } from "../../errors/spear-error.ts";
import type { MultipartBody } from "./multipart.ts";

/** Receives the progress of an upload, so that each wait has its own time limit. */
export interface UploadListener {
	/** The upload waits for the next bytes of a file. */
	reading(): void;
	/** The upload waits until the upstream has accepted the bytes that were read. */
	sending(): void;
	/** Every byte was handed over. */
	sent(): void;
	/** A file failed. The request must end with this error. */
	failed(error: SpearError): void;
}

/** Yields the bytes of a body while it is sent. */
export async function* upload(body: MultipartBody, listener: UploadListener): AsyncGenerator<Uint8Array, void, void> {
	try {
		listener.reading();
		for await (const chunk of body) {
			listener.sending();
			yield chunk;
			listener.reading();
		}
		listener.sent();
	} catch (thrown) {
		if (!body.stopped) listener.failed(SpearError.from(thrown));
		throw thrown;
	}
}
