import type * as asr from "../../../generated/ir/asr.ts";
import type { ClientRun } from "../client/client-command.ts";
import { streamOrWhole } from "../client/stream-or-whole.ts";

/** Yields the text of a request as it arrives, and last the completed transcript. Uses a whole answer if no backend can stream. */
export function transcriptEvents(run: ClientRun, request: asr.Request): AsyncGenerator<asr.Event, void, void> {
	const { client, signal } = run;
	const options = { ...run.options, signal };
	return streamOrWhole<asr.Event>(
		() => client.stream("speech_to_text", request, options),
		async function* () {
			const { payload } = await client.call("speech_to_text", request, options);
			yield { type: "completed", completed: payload };
		},
	);
}
