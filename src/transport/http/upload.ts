import { SpearError } from "../../errors/spear-error.ts";
import type { MultipartBody } from "./multipart.ts";

/** Told how an upload goes on, to hold whoever it waits for to a deadline. */
export interface UploadWatch {
	/** It waits for a file's next bytes. */
	reading(): void;
	/** It waits for the upstream to take what was read. */
	sending(): void;
	/** All of it is on its way. */
	sent(): void;
	/** A file failed, and with it the request. */
	failed(error: SpearError): void;
}

/** The bytes of a body while it is sent. */
export async function* upload(body: MultipartBody, watch: UploadWatch): AsyncGenerator<Uint8Array, void, void> {
	try {
		watch.reading();
		for await (const piece of body) {
			watch.sending();
			yield piece;
			watch.reading();
		}
		watch.sent();
	} catch (thrown) {
		if (!body.stopped) watch.failed(SpearError.from(thrown));
		throw thrown;
	}
}
