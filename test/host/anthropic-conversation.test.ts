/** A conversation of three turns with Anthropic's API, through every layer of the host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { createHost } from "../../src/index.ts";
import { messageStream, wholeMessage, wire } from "../backends/protocols/anthropic/upstream.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";

const THOUGHT = { type: "thinking", thinking: "Both.", signature: "S+/=" };
const use = (id: string, city: string) => ({ type: "tool_use", id, name: "weather", input: { city } });
const text = (value: string) => ({ type: "text", text: value });
const say = (role: cchat.Role, value: string, more: Partial<cchat.Message> = {}): cchat.Message => ({
	role,
	content: [{ type: "text", text: value }],
	tool_calls: [],
	...more,
});

test("three turns with parallel tools, thinking, an image and a system prompt keep every block in its place", async () => {
	const server = await OpenAiServer.start(
		answer.json(wholeMessage([THOUGHT, text("A moment."), use("toolu_1", "Rome"), use("toolu_2", "Oslo")], { stop_reason: "tool_use" })),
		answer.stream(wire(messageStream([[text("Rome.")]]))),
		answer.json(wholeMessage([text("Bye.")])),
	);
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			router: { max_attempts: 1 },
			backends: { up: { kind: "anthropic", base_url: server.baseUrl, models: ["claude"] } },
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
		messages.push(first.message, say("tool", "sun", { tool_call_id: "toolu_1" }), say("tool", "snow", { tool_call_id: "toolu_2" }));
		const second = (await Array.fromAsync(client.stream("chat_completions", { messages, tools }))).at(-1);
		if (second?.type !== "completed") throw new Error("the stream did not complete");
		messages.push(second.completed.message, say("user", "Thanks."));
		assert.equal((await client.call("chat_completions", { messages, tools })).payload.message.content, [text("Bye.")]);
		assert.equal(server.requests[2]?.json(), {
			model: "claude",
			max_tokens: 16_000,
			system: [text("Be brief.")],
			tools: [{ name: "weather", input_schema: { type: "object" } }],
			messages: [
				{ role: "user", content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw==" } }] },
				{ role: "assistant", content: [THOUGHT, text("A moment."), use("toolu_1", "Rome"), use("toolu_2", "Oslo")] },
				{
					role: "user",
					content: [
						{ type: "tool_result", tool_use_id: "toolu_1", content: "sun" },
						{ type: "tool_result", tool_use_id: "toolu_2", content: "snow" },
					],
				},
				{ role: "assistant", content: [text("Rome.")] },
				{ role: "user", content: [text("Thanks.")] },
			],
		});
	} finally {
		await host.close();
		await server.close();
	}
});

test.run();
