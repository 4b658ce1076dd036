/** The conformance suite for speech, embeddings and images of the kind, over stand-ins for the models. */
import { test } from "uvu";
import type * as tts from "../../../../generated/ir/tts.ts";
import { type LocalFixture, localConformanceCases, registerCases } from "../../../../src/backend-conformance.ts";
import { kindOver, standInFiles } from "../../protocols/local/models.ts";

const speechOf = (text: string, more: Partial<tts.Request> = {}): tts.Request => ({
	input: { type: "text", text },
	format: "wav",
	...more,
});

const fixture: LocalFixture = {
	kind: kindOver(await standInFiles()),
	partial: true,
	config: () => ({ name: "here", kind: "local", models: [], options: {} }),
	operations: {
		text_to_speech: {
			payloads: { "two sentences": speechOf("One. Two."), "bare samples": speechOf("One.", { format: "pcm" }) },
			refusals: {
				"mp3 by name": {
					payload: speechOf("One.", { format: "mp3" }),
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
				"another language": {
					payload: speechOf("Un.", { language: "fr" }),
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
			},
			slow: { payload: speechOf("=") },
		},
		embeddings: {
			payloads: { "two texts": { input: ["a", "b"] } },
			refusals: {
				"shorter vectors": {
					payload: { input: ["a"], dimensions: 64 },
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
			},
			slow: { payload: { input: ["slow"] } },
		},
		image_generation: {
			payloads: { "a picture": { task: { type: "generate" }, prompt: "sun", size: { width: 32, height: 32 } } },
			refusals: {
				"another format": {
					payload: { task: { type: "generate" }, prompt: "sun", format: "webp" },
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
			},
			slow: { payload: { task: { type: "generate" }, prompt: "sun", size: { width: 1024, height: 1024 }, n: 16 } },
		},
	},
};

registerCases(test, localConformanceCases(fixture));

test.run();
