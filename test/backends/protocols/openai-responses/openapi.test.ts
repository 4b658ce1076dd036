/** OpenAI's published OpenAPI document as the judge of every request. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { OpenAiServer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { type AcceptanceCase, acceptanceTests } from "../../../helpers/openapi.ts";
import { chatEnvelope, parts, say } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { opaque } from "./cchat/answer-cases.ts";
import { SDK_CASES } from "./cchat/sdk-cases.ts";

/** Returns the request that an instance sends. The server refuses it. */
async function captured(payload: Partial<cchat.Request>, options: JsonObject): Promise<ReceivedRequest> {
	const server = await OpenAiServer.start();
	const backend = openaiResponses.create({ name: "up", kind: "openai-responses", base_url: server.baseUrl, models: ["gpt"], options });
	try {
		const failure: unknown = await backend.operations.chat_completions
			?.unary(chatEnvelope(payload), contextOf())
			.catch((thrown: unknown) => thrown);
		const [request] = server.requests;
		if (request === undefined) throw failure;
		return request;
	} finally {
		await backend.close();
		await server.close();
	}
}

const CASES: Readonly<Record<string, { readonly payload: Partial<cchat.Request>; readonly options?: JsonObject }>> = {
	...SDK_CASES,
	"a phase, a refusal and an item of the provider": {
		payload: {
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
		},
	},
};

const AMBIGUOUS = "a message with a list of parts is valid in two forms of the document, which allows one";

/** Faults that are differences between document and server, by the names of the cases. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	"images and documents": {
		'/input/0 must match exactly one schema in oneOf {"passingSchemas":[0,1]}': AMBIGUOUS,
		"/input must be string": AMBIGUOUS,
		"/input must match exactly one schema in oneOf": AMBIGUOUS,
	},
};

acceptanceTests("SPEAR_OPENAPI_OPENAI", {
	base: "/v1",
	paths: ["/v1/responses"],
	cases: Object.fromEntries(
		Object.entries(CASES).map(([name, { payload, options = {} }]): [string, AcceptanceCase] => [
			name,
			{ capture: () => captured(payload, options), known: KNOWN[name] ?? {} },
		]),
	),
});

test.run();
