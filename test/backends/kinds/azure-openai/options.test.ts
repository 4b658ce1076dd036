import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { readOptions } from "../../../../src/backends/kinds/azure-openai/options.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope } from "../../chat-envelope.ts";
import { completion } from "../../protocols/openai/upstream.ts";
import { azure, KEY, served } from "./azure.ts";

const configOf = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "azure-openai",
	base_url: "https://x.openai.azure.com",
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

test("the URL decides about the form, and the version has a default with deployments only", () => {
	const form = (base_url: string) => {
		const { deploymentsPath, apiVersion, authHeader } = readOptions(configOf({ base_url }));
		return [deploymentsPath, apiVersion, authHeader];
	};
	assert.equal(form("https://x.openai.azure.com/"), ["/openai", "2024-10-21", "api-key"]);
	assert.equal(form("https://x.openai.azure.com/openai"), ["", "2024-10-21", "api-key"]);
	assert.equal(form("https://x.openai.azure.com/openai/v1/"), [undefined, undefined, "api-key"]);
});

test("a missing URL is reported with that of a resource", () => {
	const { base_url: _, ...without } = configOf();
	assert.throws(
		() => readOptions(without),
		/base_url is missing; it must be the endpoint of the resource, e\.g\. "https:\/\/example\.openai\.azure\.com"/,
	);
});

test("the options of openai-compatible apply", () => {
	const { chat, images } = readOptions(configOf({ options: { max_tokens_field: "max_tokens", image_seed: true } }));
	assert.equal([chat.maxTokensField, images.seed], ["max_tokens", true]);
});

test("the URL of a deployment, as Azure's portal shows it, is a fault that says what to write", () => {
	const portal = "https://x.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-08-01-preview";
	assert.is(
		fault({ base_url: portal }),
		'backends.up.base_url names a deployment, which is the model of a request; write "https://x.openai.azure.com"',
	);
	assert.match(
		fault({ base_url: "https://x.openai.azure.com/openai/v1/embeddings" }),
		/write "https:\/\/x\.openai\.azure\.com\/openai\/v1"$/,
	);
	assert.match(fault({ options: { api_version: "1&x=y" } }), /api_version must be a version such as 2024-10-21$/);
	assert.match(fault({ options: { token_file: "token" } }), /token_file must be an absolute path$/);
	assert.match(fault({ options: { deployment: "x" } }), /deployment is not an option; the options are /);
	assert.match(fault({ headers: { "API-Key": "x" } }), /headers\.API-Key is set by the host; leave it out$/);
});

test("a token of a file takes the place of the key, is read again after a change, and is in no error", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-azure-"));
	const token_file = join(directory, "token");
	const token = (name: string) => `ey-canary-${name}-9b7d4e`;
	try {
		await writeFile(token_file, token("first"));
		await azure(
			[
				answer.json(completion({ content: "x" })),
				answer.json(completion({ content: "x" })),
				answer.status(400, { error: { code: "x", message: `no: Bearer ${token("second")}` } }),
			],
			async ({ backend, server, context }) => {
				const chat = served(backend.operations.chat_completions);
				await chat.unary(chatEnvelope(), context);
				await writeFile(token_file, token("second"));
				await chat.unary(chatEnvelope(), context);
				const error = await failure(chat.unary(chatEnvelope(), context));
				assert.not(inspect(error, { depth: 10, showHidden: true, getters: true }).includes(token("second")));
				const sent = server.requests.map(({ headers }) => [headers.authorization, headers["api-key"]]);
				assert.equal(sent.slice(0, 2), [
					[`Bearer ${token("first")}`, undefined],
					[`Bearer ${token("second")}`, undefined],
				]);
				await rm(token_file);
				assert.match((await failure(chat.unary(chatEnvelope(), context))).message, /: no such file; .* option token_file$/);
				assert.is(server.requests.length, 3);
			},
			{ options: { token_file } },
		);
	} finally {
		await rm(directory, { recursive: true });
	}
});

test("a request that is aborted, or whose backend closes, while the token is read is not sent", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-azure-"));
	const token_file = join(directory, "token");
	try {
		await writeFile(token_file, KEY);
		await azure(
			[],
			async ({ backend, server, context }) => {
				const chat = served(backend.operations.chat_completions);
				const abort = new AbortController();
				const aborted = failure(chat.unary(chatEnvelope(), { ...context, signal: abort.signal }));
				abort.abort();
				assert.is((await aborted).code, "cancelled");
				const closed = failure(chat.unary(chatEnvelope(), context));
				await backend.close();
				assert.match((await closed).message, /shut down/);
				assert.is(server.requests.length, 0);
			},
			{ options: { token_file } },
		);
	} finally {
		await rm(directory, { recursive: true });
	}
});

test.run();
