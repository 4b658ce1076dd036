import { test } from "uvu";
import { type LocalFixture, localConformanceCases, registerCases } from "../../../../src/backend-conformance.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { say } from "../../chat-envelope.ts";

const tool = { name: "find", parameters: { type: "object" } };
const WAV = { type: "inline", inline: { data: new TextEncoder().encode("RIFF"), mime_type: "audio/wav" } } as const;

/** Slows each word of an answer down. The call is aborted long before. */
const SLOWLY = { delay_ms: 60_000 };

const fixture: LocalFixture = {
	kind: stub,
	config: () => ({ name: "stub", kind: "stub", models: [], options: {} }),
	operations: {
		chat_completions: {
			payloads: {
				"a question": { messages: [say("user", "Hello there")], tools: [] },
				"a question that a tool answers": { messages: [say("user", 'call find {"q": 1}')], tools: [tool] },
			},
			results: {
				"a question": {
					model: "stub-chat",
					message: { role: "assistant", content: [{ type: "text", text: "stub: you said Hello there" }], tool_calls: [] },
					finish_reason: "stop",
					usage: { input_tokens: 2, output_tokens: 5, total_tokens: 7 },
				},
			},
			repeatable: true,
			slow: { payload: { messages: [say("user", "Hello there")], tools: [] }, options: SLOWLY },
		},
		embeddings: {
			payloads: { "two texts": { input: ["a", "b"], dimensions: 4 } },
			slow: { payload: { input: ["a"] }, options: SLOWLY },
		},
		image_generation: {
			payloads: { "a prompt": { task: { type: "generate" }, prompt: "A kite", size: { width: 8, height: 8 } } },
			slow: { payload: { task: { type: "generate" }, prompt: "A kite", size: { width: 8, height: 8 } }, options: SLOWLY },
		},
		speech_to_text: {
			payloads: { "a recording": { audio: WAV } },
			repeatable: true,
			slow: { payload: { audio: WAV }, options: SLOWLY },
		},
		text_to_speech: {
			payloads: { "a text": { input: { type: "text", text: "Hello there" }, format: "wav" } },
			slow: { payload: { input: { type: "text", text: "Hello there" }, format: "wav" }, options: SLOWLY },
		},
	},
};

registerCases(test, localConformanceCases(fixture));

test.run();
