import { SpearError } from "../../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { GuestPlaces } from "../../../kit/engine/guest-places.ts";
import { RECOGNIZER_MODEL, type SpeechEngines } from "../asr/engines.ts";
import { noProviderOptions } from "../no-provider-options.ts";
import type { LocalContext, LocalOperation } from "../operation.ts";
import type { Synthesizer } from "../tts/synthesizer.ts";
import { VOICES } from "../tts/voices.ts";
import { localEngines } from "./local-engines.ts";
import { openSession } from "./open-session.ts";
import { REALTIME_RULES } from "./rules.ts";
import { VOICE_MODEL } from "./settings.ts";

export const REALTIME_CAPABILITIES: OperationCapabilities<"realtime_voice"> = {
	...capabilitiesOf("realtime_voice", ["bidi_stream"], REALTIME_RULES),
	models: [VOICE_MODEL, RECOGNIZER_MODEL],
	voices: VOICES,
};

/** Most open sessions, of which one guest has at most half. Each holds a detector of about 10 MB, and a few seconds of sound. */
const MAX_SESSIONS = 32;

/**
 * `realtime_voice` by the engines of speech recognition and of speech, and a chat backend of the same host that writes the answers. Sessions
 * take turns at the engines: each has at most one short task there, a partial transcript aside.
 */
export function localRealtime(context: LocalContext, speech: SpeechEngines, synthesizer: Synthesizer): LocalOperation<"realtime_voice"> {
	const { config, options } = context;
	const closing = new AbortController();
	const sessions = new GuestPlaces(MAX_SESSIONS);
	return {
		backend: {
			async connect({ payload, provider_options }, { requests, signal: caller, guest = "" }) {
				noProviderOptions(provider_options);
				if (!sessions.hasRoom(guest)) throw tooManySessions(sessions.count);
				sessions.add(guest);
				const signal = AbortSignal.any([caller, closing.signal]);
				const onEnd = (): void => {
					sessions.remove(guest);
				};
				try {
					return await openSession(
						payload,
						{ requests, signal, onEnd },
						{
							config,
							engines: localEngines(speech, synthesizer, guest),
							chatModel: options.chatModel,
						},
					);
				} catch (thrown) {
					onEnd();
					throw thrown;
				}
			},
		},
		async check() {
			await speech.check();
			await synthesizer.check();
		},
		async close(reason) {
			closing.abort(reason);
			await Promise.all([speech.close(reason), synthesizer.close(reason)]);
		},
	};
}

/** Counts against the request alone: a session of another guest may be possible. */
function tooManySessions(open: number): SpearError {
	const reason =
		open < MAX_SESSIONS
			? `a guest may have no more open sessions than it leaves free, and ${open} of ${MAX_SESSIONS} are open`
			: `the backend has ${MAX_SESSIONS} open sessions, the most that it serves`;
	return new SpearError("rate_limited", `${reason}; try again later`, { attribution: "request", retryAfterMs: 1000 });
}
