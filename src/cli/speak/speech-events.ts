import type * as tts from "../../../generated/ir/tts.ts";
import type { ClientRun } from "../client/client-command.ts";
import { streamOrWhole } from "../client/stream-or-whole.ts";

/** Most bytes of a whole recording that are read at once. */
const CHUNK_BYTES = 64 * 1024;

/** Yields the audio of a request as it arrives, and last the completed recording. Uses a whole answer if no backend can stream. */
export function speechEvents(run: ClientRun, request: tts.Request): AsyncGenerator<tts.Event, void, void> {
	const { client, signal } = run;
	const options = { ...run.options, signal };
	return streamOrWhole<tts.Event>(
		() => client.stream("text_to_speech", request, options),
		async function* () {
			const { payload } = await client.call("text_to_speech", request, options);
			using reader = await client.media.reader(payload.audio);
			for (;;) {
				const audio = await reader.read(CHUNK_BYTES);
				if (audio === undefined) break;
				yield { type: "audio", audio };
			}
			yield { type: "completed", completed: payload };
		},
	);
}
