import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { ClientRun } from "../client/client-command.ts";
import { recordingChunks, recordingName } from "./open-recording.ts";

/**
 * Puts a file into the media store of the host, without holding the file whole. The type is detected from the first bytes.
 *
 * @param path Path of the file, or `-` for standard input.
 * @throws SpearError `invalid_request` for a file that cannot be read, is empty, or exceeds the host's limits.
 */
export async function putRecording(path: string, { client, signal }: ClientRun): Promise<types.MediaRef> {
	const writer = client.media.writer(undefined);
	try {
		for await (const chunk of recordingChunks(path, signal)) await writer.write(chunk);
		const { size, reference } = await writer.finish();
		if (size === 0) throw new SpearError("invalid_request", `${recordingName(path)} is empty; give a recording`);
		return reference;
	} finally {
		writer.discard();
	}
}
