/** A conversation of three turns with Google's Gemini API, through every layer of the host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { createHost } from "../../src/index.ts";
import { piece, response, wire } from "../backends/protocols/gemini/upstream.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";

const THOUGHT = { text: "Both.", thought: true, thoughtSignature: "S+/=" };
const SIGNED = { text: "", thoughtSignature: "T+/=" };
const used = (id: string, city: string, more: object = {}) => ({ functionCall: { id, name: "weather", args: { city } }, ...more });
const found = (id: string, output: string) => ({ functionResponse: { id, name: "weather", response: { output } } });
const say = (role: cchat.Role, value: string, more: Partial<cchat.Message> = {}): cchat.Message => ({
	role,
	content: [{ type: "text", text: value }],
	tool_calls: [],
	...more,
});

test("three turns with parallel tools, thoughts, an image and a system prompt keep every signature in its place", async () => {
	const calls = [used("fc1", "Rome", { thoughtSignature: "U+/=" }), used("fc2", "Oslo")];
	const server = await OpenAiServer.start(
		answer.json(response([THOUGHT, { text: "A moment." }, ...calls])),
		answer.stream(wire([piece({ text: "Ro" }), piece({ text: "me." }), response([SIGNED])])),
		answer.json(response([{ text: "Bye." }])),
	);
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			router: { max_attempts: 1 },
			backends: { up: { kind: "gemini", base_url: server.baseUrl, models: ["gemini-3.8-flash"] } },
		},
		env: {},
	});
	try {
		const client = host.client();
		const tools: cchat.Tool[] = [{ name: "weather", parameters: { type: "object" } }];
		const image: cchat.ContentPart = {
			type: "image",
			image: { source: { type: "inline", inline: { mime_type: "image/png", data: Uint8Array.of(137, 80, 78, 71) } } },
		};
		const messages = [say("system", "Be brief."), { ...say("user", "Where is it warmer?"), content: [image] }];
		const first = (await client.call("chat_completions", { messages, tools })).payload;
		assert.is(first.finish_reason, "tool_calls");
		messages.push(first.message, say("tool", "sun", { tool_call_id: "fc1" }), say("tool", "snow", { tool_call_id: "fc2" }));
		const second = (await Array.fromAsync(client.stream("chat_completions", { messages, tools }))).at(-1);
		if (second?.type !== "completed") throw new Error("the stream did not complete");
		messages.push(second.completed.message, say("user", "Thanks."));
		assert.equal((await client.call("chat_completions", { messages, tools })).payload.message.content, [{ type: "text", text: "Bye." }]);
		assert.equal(server.requests[2]?.json(), {
			systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
			tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: { type: "object" } }] }],
			contents: [
				{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw==" } }] },
				{ role: "model", parts: [THOUGHT, { text: "A moment." }, ...calls] },
				{ role: "user", parts: [found("fc1", "sun"), found("fc2", "snow")] },
				{ role: "model", parts: [{ text: "Rome." }, SIGNED] },
				{ role: "user", parts: [{ text: "Thanks." }] },
			],
		});
	} finally {
		await host.close();
		await server.close();
	}
});

test.run();
