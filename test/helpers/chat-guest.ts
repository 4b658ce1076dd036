/** Part of a guest: commands that ask models by the typed calls and by the generic one, and that ask what there is. */
export const CHAT_IMPORTS = `import { complete, completeStream } from "spear:ai/cchat@0.1.0";
import { features, models, operations } from "spear:ai/discovery@0.1.0";
import { call, callStream } from "spear:ai/transform@0.1.0";

const request = { messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }] };`;

export const CHAT_COMMANDS = `	complete: ({ options }) => complete(request, options).message.content,
	/** The streamed text in one part, as a plain call gives it. A failure is thrown as that of a plain call is. */
	stream({ options }) {
		const stream = completeStream(request, options);
		try {
			for (let text = ""; ; ) {
				const event = stream.next();
				if (event.tag === "text") text += event.val;
				if (event.tag === "failed") throw { payload: event.val.error };
				if (event.tag === "completed") return [{ tag: "text", val: text }];
			}
		} finally {
			stream[Symbol.dispose]();
		}
	},
	call: ({ operation, payload, options }) => JSON.parse(call(operation, JSON.stringify(payload), options)),
	callStream({ operation, payload }) {
		const stream = callStream(operation, JSON.stringify(payload), null);
		const events = [];
		do events.push(stream.next());
		while (events.at(-1).tag === "item");
		stream[Symbol.dispose]();
		return events;
	},
	malformed: () => call("embeddings", "{", null),
	discover: () => ({ operations: operations(), models: models("text_to_speech"), features: features() }),`;
