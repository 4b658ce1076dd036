/** OpenAI's published OpenAPI document as the judge of every request. */
import { test } from "uvu";
import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { OpenAiServer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { type AcceptanceCase, acceptanceTests } from "../../../helpers/openapi.ts";
import { contextOf } from "../../context.ts";
import { OPENAPI_CASES, type OpenApiCase } from "./openapi-cases.ts";

/** Returns the request of a case. The server refuses it. */
async function captured({ send, options = {} }: OpenApiCase): Promise<ReceivedRequest> {
	const server = await OpenAiServer.start();
	const config = { name: "up", kind: "openai-compatible", base_url: server.baseUrl, models: ["gpt-5"], options };
	const backend = openaiCompatible.create(config);
	const media = memoryMedia({
		clip: { bytes: Buffer.from("bytes"), mimeType: "audio/wav" },
		cat: { bytes: Buffer.from("bytes"), mimeType: "image/png" },
	});
	try {
		const failure: unknown = await send(backend, contextOf({ media }))?.catch((thrown: unknown) => thrown);
		const [request] = server.requests;
		if (request === undefined) throw failure;
		return request;
	} finally {
		await backend.close();
		await server.close();
	}
}

const cases: Readonly<Record<string, AcceptanceCase>> = Object.fromEntries(
	Object.entries(OPENAPI_CASES).map(([name, each]) => [name, { capture: () => captured(each) }]),
);

acceptanceTests("SPEAR_OPENAPI_OPENAI", {
	base: "/v1",
	paths: [
		"/v1/chat/completions",
		"/v1/embeddings",
		"/v1/images/generations",
		"/v1/images/edits",
		"/v1/images/variations",
		"/v1/audio/speech",
		"/v1/audio/transcriptions",
		"/v1/audio/translations",
	],
	cases,
});

test.run();
