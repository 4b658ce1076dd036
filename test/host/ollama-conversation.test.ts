/** A conversation with Ollama through the whole host: reasoning is sealed on its way to the caller, and opened on its way back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { Config } from "../../generated/ir/config.ts";
import { createHost } from "../../src/host/create-host.ts";
import { say } from "../backends/chat-envelope.ts";
import { streamed, streamLines, wholeAnswer, wire } from "../backends/protocols/ollama/upstream.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";

const TOOL = { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } };

test("a host without a key calls tools over a stream, and returns the model its reasoning", async () => {
	const call = { function: { name: "weather", arguments: { city: "Oslo" } } };
	const server = await OpenAiServer.start(
		streamed(wire(streamLines([{ thinking: "Look it up." }, { tool_calls: [call] }]))),
		answer.json(wholeAnswer({ content: "Rain." })),
	);
	const config: Config = {
		host: { log_level: "silent" },
		backends: { local: { kind: "ollama", base_url: server.baseUrl, models: ["qwen3"] } },
	};
	const host = await createHost({ config });
	try {
		const client = host.client();
		const messages: cchat.Message[] = [say("user", "Weather in Oslo?")];
		for await (const event of client.stream("chat_completions", { messages, tools: [TOOL] }))
			if (event.type === "completed") messages.push(event.completed.message);
		const id = messages.at(-1)?.tool_calls[0]?.id ?? "";
		messages.push(say("tool", "rain", { tool_call_id: id }));
		const { payload } = await client.call("chat_completions", { messages, tools: [TOOL] });
		assert.equal(payload.message.content, [{ type: "text", text: "Rain." }]);
		const second: unknown = server.requests[1]?.json();
		assert.equal(Object(second).messages, [
			{ role: "user", content: "Weather in Oslo?" },
			{
				role: "assistant",
				content: "",
				thinking: "Look it up.",
				tool_calls: [{ id, function: { name: "weather", arguments: { city: "Oslo" } } }],
			},
			{ role: "tool", content: "rain", tool_name: "weather", tool_call_id: id },
		]);
		assert.is(server.requests[1]?.headers.authorization, undefined);
	} finally {
		await host.close();
		await server.close();
	}
});

test.run();
