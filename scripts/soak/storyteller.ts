import { setTimeout as sleep } from "node:timers/promises";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { BackendKind } from "../../src/backends/backend.ts";
import { allPass } from "../../src/backends/rule-groups.ts";

const WORDS = "The river runs on to the sea. It passes the old mill. Boats wait for the wind to turn, and nobody is in a hurry.".split(" ");

/** A kind for chat that tells a long story, a word every 30 ms, in place of a language model. */
export const storyteller: BackendKind = {
	name: "storyteller",
	create: () => ({
		operations: {
			chat_completions: {
				unary: () => Promise.reject(new Error("the story is told in a stream only")),
				async *stream(_, { signal }): AsyncGenerator<cchat.Event, void, void> {
					let text = "";
					for (let word = 0; word < 200; word++) {
						await sleep(30, undefined, { signal });
						const next = `${WORDS[word % WORDS.length]} `;
						text += next;
						yield { type: "text", text: next };
					}
					const message: cchat.Message = { role: "assistant", content: [{ type: "text", text }], tool_calls: [] };
					yield { type: "completed", completed: { model: "story", message, finish_reason: "stop", usage: { output_tokens: 200 } } };
				},
			},
			embeddings: undefined,
			image_generation: undefined,
			speech_to_text: undefined,
			text_to_speech: undefined,
			realtime_voice: undefined,
		},
		capabilities: {
			chat_completions: { models: ["story"], features: [], transports: ["server_stream"], rules: allPass("chat_completions") },
		},
		close: async () => {},
	}),
};
