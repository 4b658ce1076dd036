/** Paths, headers and bodies of Azure OpenAI, with OpenAI's own SDK as the oracle. */
import { AzureOpenAI } from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { Backend } from "../../../../src/backends/backend.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { answer, type Behaviour, sse } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect, say } from "../../chat-envelope.ts";
import { envelopeOf } from "../../envelope.ts";
import { chunk, completion } from "../../protocols/openai/upstream.ts";
import { azure, KEY, served } from "./azure.ts";

const WAV = Buffer.from("RIFF\x24\x00\x00\x00WAVEfmt ", "latin1");

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface Call {
	readonly answer: () => Behaviour;
	readonly ours: (backend: Backend, context: BackendContext) => Promise<unknown>;
	readonly theirs: (sdk: AzureOpenAI) => Promise<unknown>;
	readonly path: string;
	/** True for a body whose boundary differs from request to request. */
	readonly isForm?: boolean;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const hi = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };

/** Calls of each operation, by the backend and by the SDK. */
const CALLS: Readonly<Record<string, Call>> = {
	chat: {
		answer: () => answer.json(completion({ content: "x" })),
		ours: (backend, context) => served(backend.operations.chat_completions).unary(chatEnvelope(), context),
		theirs: (sdk) => sdk.chat.completions.create(hi),
		path: "/chat/completions",
	},
	"streamed chat": {
		answer: () => answer.stream(sse([chunk({ content: "x" }), chunk({}, "stop")])),
		ours: (backend, context) => collect(served(backend.operations.chat_completions).stream(chatEnvelope(), context)),
		theirs: async (sdk) => collect(await sdk.chat.completions.create({ ...hi, stream: true, stream_options: { include_usage: true } })),
		path: "/chat/completions",
	},
	embeddings: {
		answer: () => answer.json({ object: "list", model: "m", data: [{ object: "embedding", index: 0, embedding: [1, 2] }] }),
		ours: (backend, context) => served(backend.operations.embeddings).unary(envelopeOf("embeddings", { input: ["a"] }), context),
		theirs: (sdk) => sdk.embeddings.create({ model: "gpt-4o", input: ["a"], encoding_format: "float" }),
		path: "/embeddings",
		differences: { encoding_format: "the SDK would ask for base64, and the backend leaves the default out" },
	},
	images: {
		answer: () => answer.json({ created: 1, data: [{ b64_json: PIXEL }] }),
		ours: (backend, context) =>
			served(backend.operations.image_generation).unary(envelopeOf("image_generation", { task: { type: "generate" }, prompt: "a cat" }), {
				...context,
				media: memoryMedia(),
			}),
		theirs: (sdk) => sdk.images.generate({ model: "gpt-4o", prompt: "a cat" }),
		path: "/images/generations",
	},
	speech: {
		answer: () => answer.text(Buffer.from("ID3"), { "content-type": "audio/mpeg" }),
		ours: (backend, context) =>
			served(backend.operations.text_to_speech).unary(
				envelopeOf("text_to_speech", { input: { type: "text", text: "Hello." }, format: "mp3", voice: "alloy" }),
				{ ...context, media: memoryMedia() },
			),
		theirs: async (sdk) =>
			(await sdk.audio.speech.create({ model: "gpt-4o", input: "Hello.", voice: "alloy", response_format: "mp3" })).arrayBuffer(),
		path: "/audio/speech",
	},
	transcription: {
		answer: () => answer.json({ text: "Hello." }),
		ours: (backend, context) =>
			served(backend.operations.speech_to_text).unary(
				envelopeOf("speech_to_text", { audio: { type: "stored", stored: "sms+file://clip" } }),
				{ ...context, media: memoryMedia({ clip: { bytes: WAV, mimeType: "audio/wav" } }) },
			),
		theirs: (sdk) => sdk.audio.transcriptions.create({ model: "gpt-4o", file: new File([WAV], "audio.wav", { type: "audio/wav" }) }),
		path: "/audio/transcriptions",
		isForm: true,
	},
};

/** Returns the names of the members in which two bodies differ. */
function differences(ours: unknown, theirs: unknown): string[] {
	const [a, b] = [Object(ours), Object(theirs)];
	return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

for (const [name, call] of Object.entries(CALLS)) {
	test(`${name} is sent to the deployment as the SDK sends it`, () =>
		azure([call.answer(), call.answer()], async ({ backend, server, context, endpoint }) => {
			await call.ours(backend, context);
			await call.theirs(new AzureOpenAI({ apiKey: KEY, endpoint, apiVersion: "2024-10-21", maxRetries: 0, logLevel: "off" }));
			const [ours, theirs] = [await server.request(0), await server.request(1)];
			assert.is(ours.path, `/openai/deployments/gpt-4o${call.path}?api-version=2024-10-21`);
			assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
			for (const header of ["api-key", "authorization"]) assert.is(ours.headers[header], theirs.headers[header], header);
			assert.is(ours.headers["api-key"], KEY);
			if (call.isForm !== true) assert.equal(differences(ours.json(), theirs.json()), Object.keys(call.differences ?? {}));
			await server.close();
		}));

	test(`${name} is sent under /openai/v1 without a deployment and a version`, () =>
		azure(
			[call.answer()],
			async ({ backend, server, context }) => {
				await call.ours(backend, context);
				const { path, headers } = await server.request(0);
				assert.equal([path, headers["api-key"], headers.authorization], [`/openai/v1${call.path}`, KEY, undefined]);
			},
			{ path: "/openai/v1" },
		));
}

test("a URL with /openai, with a slash or behind a gateway leads to the same deployments", async () => {
	const deployment = "/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview";
	for (const [path, expected] of [
		["/openai", deployment],
		["/openai/", deployment],
		["/", deployment],
		["/gateway", `/gateway${deployment}`],
	] as const) {
		await azure(
			[answer.json(completion({ content: "x" }))],
			async ({ backend, server, context }) => {
				await served(backend.operations.chat_completions).unary(chatEnvelope(), context);
				assert.is((await server.request(0)).path, expected);
			},
			{ path, options: { api_version: "2025-04-01-preview" } },
		);
	}
});

test("a version under /openai/v1 is sent if the operator names one", () =>
	azure(
		[answer.json(completion({ content: "x" }))],
		async ({ backend, server, context }) => {
			await served(backend.operations.chat_completions).unary(chatEnvelope(), context);
			assert.is((await server.request(0)).path, "/openai/v1/chat/completions?api-version=preview");
		},
		{ path: "/openai/v1", options: { api_version: "preview" } },
	));

test("the name of a deployment is one step of the path, whatever the guest writes", async () => {
	const { azureRequests } = await import("../../../../src/backends/kinds/azure-openai/request.ts");
	const prepare = azureRequests({ deploymentsPath: "/openai", apiVersion: "1", tokenFile: undefined });
	const pathOf = async (model: unknown) =>
		(await prepare({ method: "POST", path: "/embeddings", json: { model }, signal: new AbortController().signal })).path;
	assert.is(await pathOf("a/../b?c#d"), "/openai/deployments/a%2F..%2Fb%3Fc%23d/embeddings?api-version=1");
	for (const model of ["..", ".", "", "half \ud800", undefined])
		assert.match((await failure(pathOf(model))).message, /^model: ".*" cannot be the name of a deployment$/);
});

test("a conversation with tools and a schema has OpenAI's form", () =>
	azure([answer.json(completion({ content: "x" }))], async ({ backend, server, context }) => {
		const tool = { name: "f", parameters: { type: "object" } };
		await served(backend.operations.chat_completions).unary(
			chatEnvelope({ messages: [say("system", "Be brief."), say("user", "Hi")], tools: [tool] }),
			context,
		);
		assert.equal((await server.request(0)).json(), {
			model: "gpt-4o",
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "user", content: "Hi" },
			],
			tools: [{ type: "function", function: tool }],
		});
	}));

test.run();
