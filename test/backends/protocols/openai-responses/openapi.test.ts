/** OpenAI's published OpenAPI document as the judge of every request of the Responses API. */
import { test } from "uvu";
import type { InstanceConfig } from "../../../../src/backends/backend.ts";
import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { OpenAiServer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { type AcceptanceCase, acceptanceTests } from "../../../helpers/openapi.ts";
import { chatEnvelope, parts, say } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { opaque } from "./cchat/answer-cases.ts";
import { SDK_CASES, type SdkCase } from "./cchat/sdk-cases.ts";

/** Returns the request of a case, whole or streamed. The server refuses it. */
async function captured({ payload, options = {} }: Pick<SdkCase, "payload" | "options">, isStreamed: boolean): Promise<ReceivedRequest> {
	const server = await OpenAiServer.start();
	const config: InstanceConfig = { name: "up", kind: "openai-responses", base_url: server.baseUrl, models: ["gpt-5"], options };
	const backend = openaiResponses.create(config);
	const chat = backend.operations.chat_completions;
	try {
		const envelope = chatEnvelope(payload);
		const call = isStreamed ? chat?.stream(envelope, contextOf())[Symbol.asyncIterator]().next() : chat?.unary(envelope, contextOf());
		const failure: unknown = await call?.catch((thrown: unknown) => thrown);
		const [request] = server.requests;
		if (request === undefined) throw failure;
		return request;
	} finally {
		await backend.close();
		await server.close();
	}
}

/** A history with parts that only the provider understands, which the SDK's cases do not have. */
const KEPT: SdkCase["payload"] = {
	messages: [
		say("user", "Q"),
		parts(
			"assistant",
			{ type: "opaque", opaque: opaque("output.0.compaction", { type: "compaction", id: "cmp_1", encrypted_content: "gAAA" }) },
			{ type: "opaque", opaque: opaque("message.phase", "final_answer") },
			{ type: "text", text: "I think:" },
			{ type: "refusal", refusal: "No." },
		),
		say("user", "Please"),
	],
};

const cases: Readonly<Record<string, AcceptanceCase>> = Object.fromEntries(
	Object.entries({ ...SDK_CASES, "a kept item, a phase and a refusal": { payload: KEPT } }).flatMap(([name, each]) =>
		[false, true].map((isStreamed) => [
			`a response to ${name}, ${isStreamed ? "streamed" : "whole"}`,
			{ capture: () => captured(each, isStreamed) },
		]),
	),
);

acceptanceTests("SPEAR_OPENAPI_OPENAI", {
	base: "/v1",
	paths: ["/v1/responses"],
	cases,
});

test.run();
