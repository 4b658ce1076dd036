/** Ollama's published OpenAPI document as the judge of every request. */
import { test } from "uvu";
import type { Operation, OperationMap } from "../../../../generated/ir/operations.ts";
import type { InstanceConfig } from "../../../../src/backends/backend.ts";
import { ollama } from "../../../../src/backends/kinds/ollama/index.ts";
import { OpenAiServer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { type AcceptanceCase, acceptanceTests } from "../../../helpers/openapi.ts";
import { chatEnvelope } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";
import { SDK_CASES } from "./cchat/sdk-cases.ts";

/** Returns the request that an instance sends. The server refuses it. */
async function captured<O extends Operation>(
	send: (backend: ReturnType<typeof ollama.create>) => Promise<OperationMap[O]["result"]> | undefined,
	options: InstanceConfig["options"] = {},
): Promise<ReceivedRequest> {
	const server = await OpenAiServer.start();
	const backend = ollama.create({ name: "up", kind: "ollama", base_url: server.baseUrl, models: ["qwen3"], options });
	try {
		const failure: unknown = await send(backend)?.catch((thrown: unknown) => thrown);
		const [request] = server.requests;
		if (request === undefined) throw failure;
		return request;
	} finally {
		await backend.close();
		await server.close();
	}
}

const CHATS: Readonly<Record<string, AcceptanceCase>> = Object.fromEntries(
	Object.entries(SDK_CASES).map(([name, { payload, options }]) => [
		`a chat with ${name}`,
		{
			capture: () =>
				captured<"chat_completions">(({ operations }) => operations.chat_completions?.unary(chatEnvelope(payload), contextOf()), options),
		},
	]),
);

acceptanceTests("SPEAR_OPENAPI_OLLAMA", {
	paths: ["/api/chat", "/api/embed"],
	cases: {
		...CHATS,
		"embeddings with every member": {
			capture: () =>
				captured<"embeddings">(
					({ operations }) => operations.embeddings?.unary(envelopeOf("embeddings", { input: ["a", "b"], dimensions: 8 }), contextOf()),
					{ keep_alive: "5m", num_ctx: 2048 },
				),
		},
	},
});

test.run();
