/** Amazon's own SDK as the oracle: both send to the same server, and both read the same streams. */
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { exceptionFrame } from "../../../../transport/http/aws-frames.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { answerStream, KEY, streamed, upstream, wholeAnswer, wire } from "../upstream.ts";
import { SDK_CASES } from "./sdk-cases.ts";
import { STREAM_CASES } from "./stream-cases.ts";

/** Returns the SDK's client of a server. It must not speak HTTP/2. */
function sdkOf(server: OpenAiServer): BedrockRuntimeClient {
	return new BedrockRuntimeClient({
		region: "us-east-1",
		endpoint: server.baseUrl.replace(/\/v1$/, ""),
		requestHandler: new NodeHttpHandler(),
		token: { token: KEY },
		authSchemePreference: ["httpBearerAuth"],
		maxAttempts: 1,
	});
}

const MODELS = {
	"the id of a model": "anthropic.claude-sonnet-4-6-v1:0",
	"the ARN of a profile": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12cd34",
};

for (const [name, { payload, options = {}, providerOptions = {}, input }] of Object.entries(SDK_CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? streamed(wire(answerStream([]))) : answer.json(wholeAnswer([])));
		test(`${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const modelId = "us.anthropic.claude-sonnet-4-6-v1:0";
					const sdk = sdkOf(server);
					const envelope = chatEnvelope(payload, providerOptions);
					if (stream) {
						await collect(chat.stream(envelope, context));
						const { stream: events } = await sdk.send(new ConverseStreamCommand({ modelId, ...input }));
						if (events !== undefined) await collect(events);
					} else {
						await chat.unary(envelope, context);
						await sdk.send(new ConverseCommand({ modelId, ...input }));
					}
					const [ours, theirs] = [await server.request(0), await server.request(1)];
					assert.equal(ours.json(), theirs.json());
					assert.equal([ours.method, ours.path.replace(/^\/v1/, "")], [theirs.method, theirs.path]);
					for (const header of ["authorization", "content-type"]) assert.is(ours.headers[header], theirs.headers[header], header);
					sdk.destroy();
					await server.close();
				},
				{ options },
			));
	}
}

for (const [name, modelId] of Object.entries(MODELS)) {
	test(`${name} is part of the path as the SDK writes it`, () =>
		upstream(
			[answer.json(wholeAnswer([])), answer.json(wholeAnswer([]))],
			async ({ chat, server, context }) => {
				const sdk = sdkOf(server);
				await chat.unary(chatEnvelope({ model: modelId }), context);
				await sdk.send(new ConverseCommand({ modelId, messages: [{ role: "user", content: [{ text: "Hi" }] }] }));
				assert.is((await server.request(0)).path, `/v1${(await server.request(1)).path}`);
				sdk.destroy();
				await server.close();
			},
			{ models: [] },
		));
}

/** The SDK's events of a stream, collected as its documentation shows. */
async function sdkAnswer(
	server: OpenAiServer,
): Promise<{ readonly texts: string; readonly inputs: readonly string[]; readonly usage: unknown }> {
	const sdk = sdkOf(server);
	const { stream = [] } = await sdk.send(
		new ConverseStreamCommand({ modelId: "m", messages: [{ role: "user", content: [{ text: "Hi" }] }] }),
	);
	let texts = "";
	let usage: unknown;
	const inputs = new Map<number, string>();
	for await (const { contentBlockStart, contentBlockDelta, metadata } of stream) {
		if (contentBlockStart?.start?.toolUse !== undefined) inputs.set(contentBlockStart.contentBlockIndex ?? -1, "");
		const { delta, contentBlockIndex = -1 } = contentBlockDelta ?? {};
		texts += delta?.text ?? "";
		if (delta?.toolUse !== undefined) inputs.set(contentBlockIndex, (inputs.get(contentBlockIndex) ?? "") + (delta.toolUse.input ?? ""));
		usage = metadata?.usage ?? usage;
	}
	sdk.destroy();
	return { texts, inputs: [...inputs.values()], usage };
}

function textsOf({ message }: cchat.Response): string {
	return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

for (const [name, { events }] of Object.entries(STREAM_CASES)) {
	test(`${name} is read from a stream to the SDK's texts, inputs and usage`, () =>
		upstream([streamed(wire(events)), streamed(wire(events))], async ({ chat, server, context }) => {
			const ours = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const theirs = await sdkAnswer(server);
			assert.is(textsOf(ours.completed), theirs.texts);
			assert.equal(
				ours.completed.message.tool_calls.map((call) => call.arguments),
				theirs.inputs.map((input) => (input === "" ? "{}" : input)), // The SDK's program adds the default.
			);
			assert.equal(theirs.usage, { inputTokens: 12, outputTokens: 40, totalTokens: 60, cacheReadInputTokens: 3, cacheWriteInputTokens: 5 });
			await server.close();
		}));
}

for (const type of ["throttlingException", "modelStreamErrorException", "validationException"]) {
	test(`the exception ${type} within a stream is an error for both`, () => {
		const bytes = Buffer.concat([wire(answerStream([]).slice(0, 1)), exceptionFrame(type, { message: "Oh" })]);
		return upstream([streamed(bytes), streamed(bytes)], async ({ chat, server, context }) => {
			assert.match((await failure(collect(chat.stream(chatEnvelope(), context)))).message, /: Oh$/);
			const theirs = await sdkAnswer(server).catch((error: unknown) => String(error));
			assert.is(theirs, `${type.charAt(0).toUpperCase()}${type.slice(1)}: Oh`);
			await server.close();
		});
	});
}

test.run();
