import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { gemini } from "../../../../src/backends/kinds/gemini/index.ts";
import { readOptions } from "../../../../src/backends/kinds/gemini/options.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, response, upstream, wire } from "../../protocols/gemini/upstream.ts";

const configOf = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "gemini",
	models: [],
	options: {},
	...more,
});

function fault(more: Partial<InstanceConfig>): string {
	try {
		readOptions(configOf(more));
	} catch (error) {
		if (error instanceof BackendConfigError) return error.message;
	}
	throw new Error("it should have been refused");
}

test("an instance needs neither a URL nor options", () => {
	const { baseUrl, version, authHeader, chat, embeddings, speech } = readOptions(configOf());
	assert.equal([baseUrl.href, version, authHeader], ["https://generativelanguage.googleapis.com/", "v1", "x-goog-api-key"]);
	assert.equal(chat, { reasoning: "level", includeThoughts: true, safety: [], sendCallIds: true, provider: "up", sendOpaque: true });
	assert.equal(embeddings, { taskType: true, maxBatch: 100 });
	assert.equal(speech, { style: "metadata", defaultVoice: "Kore" });
});

/** Base URL after the server's origin, options, model, and the path of the request. */
const PATHS: readonly (readonly [base: string, options: InstanceConfig["options"], model: string, path: string])[] = [
	["", {}, "gemini-3.8-flash", "/v1/models/gemini-3.8-flash:generateContent"],
	["/", { api_version: "v1beta" }, "models/gemini-3.8-flash", "/v1beta/models/gemini-3.8-flash:generateContent"],
	["/v1beta", {}, "tunedModels/a-1", "/v1beta/tunedModels/a-1:generateContent"],
	["/v1alpha/", { api_version: "v1beta" }, "m", "/v1alpha/models/m:generateContent"],
	["/gateway", {}, "m", "/gateway/v1/models/m:generateContent"],
	[
		"/v1/projects/p/locations/global/publishers/google",
		{},
		"gemini-3.8-flash",
		"/v1/projects/p/locations/global/publishers/google/models/gemini-3.8-flash:generateContent",
	],
];

for (const [base, options, model, path] of PATHS) {
	test(`the base URL "${base}" leads to ${path}`, () =>
		upstream([answer.json(response([]))], async ({ server, context }) => {
			const base_url = server.baseUrl.replace("/v1", base);
			const backend = gemini.create(configOf({ base_url, models: [model], options }));
			await backend.operations.chat_completions?.unary(chatEnvelope(), context);
			await backend.close();
			assert.is((await server.request(0)).path, path);
		}));
}

test("a stream has its own method", () =>
	upstream([answer.stream(wire([response([])]))], async ({ chat, server, context }) => {
		await collect(chat.stream(chatEnvelope(), context));
		assert.is((await server.request(0)).path, "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
	}));

test("the name of a model cannot change the path of a request", () =>
	upstream(
		[],
		async ({ chat, server, context }) => {
			for (const model of ["../files", "a/../b", "x:countTokens", "a?key=1", "a b", "", ".x", "/m", "a//b", `${"a".repeat(300)}`]) {
				const error = await failure(chat.unary(chatEnvelope({ model }), context));
				assert.is(error.code, "invalid_request", model);
				assert.match(error.message, /cannot be the name of a model$/, model);
			}
			assert.is(server.requests.length, 0);
		},
		{ models: [] },
	));

test("the key is sent in the header of the API, or as a bearer token", async () => {
	for (const [options, expected] of [
		[{}, { "x-goog-api-key": KEY, authorization: undefined }],
		[{ auth_header: "authorization" }, { "x-goog-api-key": undefined, authorization: `Bearer ${KEY}` }],
	] as const) {
		await upstream(
			[answer.json(response([]))],
			async ({ chat, server, context }) => {
				await chat.unary(chatEnvelope(), context);
				const { headers } = await server.request(0);
				assert.equal({ "x-goog-api-key": headers["x-goog-api-key"], authorization: headers.authorization }, expected);
			},
			{ options },
		);
	}
});

test("a token of a file takes the place of the key in every header, is read again after a change, and is in no error", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-gemini-"));
	const token_file = join(directory, "token");
	const token = (name: string): string => `ya29.canary-${name}-9b7d4e`;
	try {
		for (const auth_header of ["x-goog-api-key", "authorization"]) {
			await writeFile(token_file, token("first"));
			await upstream(
				[
					answer.json(response([])),
					answer.json({ models: [] }),
					answer.status(403, { error: { code: 403, message: `no: ${token("second")}`, status: "PERMISSION_DENIED" } }),
				],
				async ({ backend, chat, server, context }) => {
					await chat.unary(chatEnvelope(), context);
					await writeFile(token_file, token("second"));
					await backend.listModels?.(context);
					const error = await failure(chat.unary(chatEnvelope(), context));
					assert.not(inspect(error, { depth: 10, showHidden: true, getters: true }).includes(token("second")));
					assert.equal(
						server.requests.map(({ headers }) => [headers.authorization, headers["x-goog-api-key"]]),
						["first", "second", "second"].map((name) => [`Bearer ${token(name)}`, undefined]),
					);
				},
				{ options: { token_file, auth_header } },
			);
		}
	} finally {
		await rm(directory, { recursive: true });
	}
});

test("wrong options are faults", () => {
	assert.is(fault({ options: { api_version: "v2" } }), 'backends.up.options.api_version must be one of v1, v1beta, v1alpha, not "v2"');
	assert.match(fault({ options: { safety: { harassment: "never" } } }), /^backends\.up\.options\.safety\.harassment must be one of off, /);
	assert.match(fault({ options: { safety: { violence: "off" } } }), /^backends\.up\.options\.safety\.violence is not an option; /);
	assert.match(fault({ options: { token_file: "token" } }), /token_file must be an absolute path$/);
	assert.match(fault({ headers: { "X-Goog-Api-Key": "k" } }), /is set by the host; leave it out$/);
	assert.match(fault({ options: { max_tokens: 5 } }), /^backends\.up\.options\.max_tokens is not an option; the options are /);
	for (const end of ["/v1beta/openai", "/v1beta/models", "/v1beta/models/gemini-3.8-flash:generateContent"])
		assert.match(fault({ base_url: `https://generativelanguage.googleapis.com${end}` }), /^backends\.up\.base_url already ends in /, end);
});

test.run();
