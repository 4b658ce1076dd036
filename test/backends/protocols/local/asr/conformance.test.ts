import { test } from "uvu";
import { type LocalFixture, localConformanceCases, registerCases } from "../../../../../src/backend-conformance.ts";
import { readOptions } from "../../../../../src/backends/kinds/local/options.ts";
import { TRANSCRIPT_CAPABILITIES } from "../../../../../src/backends/protocols/local/asr/backend.ts";
import { recordingOf, sound, standInInstance, wav } from "./stand-in.ts";

const speech = { audio: recordingOf(wav(sound("s"))) };

const fixture: LocalFixture = {
	name: "local speech_to_text",
	kind: {
		name: "local",
		create(config) {
			readOptions(config);
			const { backend, check, close } = standInInstance({});
			return {
				operations: {
					chat_completions: undefined,
					embeddings: undefined,
					image_generation: undefined,
					speech_to_text: backend,
					text_to_speech: undefined,
					realtime_voice: undefined,
				},
				capabilities: { speech_to_text: TRANSCRIPT_CAPABILITIES },
				probe: check,
				close,
			};
		},
	},
	config: () => ({ name: "here", kind: "local", models: [], options: {} }),
	operations: {
		speech_to_text: {
			payloads: { "a recording": speech, "a recording with times": { ...speech, timestamps: ["segment"] } },
			results: { "a recording": { text: "1056 ms.", language: "en", duration: 1, segments: [], words: [] } },
			refusals: {
				"another language": {
					payload: { ...speech, language: "fr" },
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
				"no WAV file": {
					payload: { audio: { type: "inline", inline: { data: Buffer.from("ID3 and so on, long enough"), mime_type: "audio/mpeg" } } },
					error: { code: "invalid_request", retryable: false, attribution: "request" },
				},
			},
			slow: { payload: { audio: recordingOf(wav(sound("L...L...L"))) } },
			repeatable: true,
		},
	},
};

registerCases(test, localConformanceCases(fixture));

test.run();
