import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { settingsFrom } from "../helpers/config.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

for (const name of globSync("*/spear.toml", { cwd: fileURLToPath(EXAMPLES) }).map((file) => dirname(file))) {
	test(`the configuration of the example ${name} is valid`, () => {
		const source = `examples/${name}/spear.toml`;
		settingsFrom(readFileSync(new URL(`${name}/spear.toml`, EXAMPLES), "utf8"), source);
	});
}

test("the example many-backends routes as its comments say", async () => {
	const env = { PROVIDER_KEY_1: "one", PROVIDER_KEY_2: "two", OTHER_KEY: "three" };
	const host = await createHost({ config: new URL("many-backends/spear.toml", EXAMPLES), env });
	const operation = "chat_completions";
	const tally = { provider: 0, elsewhere: 0, local: 0 };
	for (let i = 0; i < 40; i++) {
		const { chosen } = host.explain({ operation, model: "small" });
		if (chosen === "provider" || chosen === "elsewhere" || chosen === "local") tally[chosen] += 1;
	}
	assert.equal(tally, { provider: 30, elsewhere: 10, local: 0 });
	const ask = (more: Omit<Parameters<typeof host.explain>[0], "operation">) => host.explain({ operation, ...more });
	assert.is(ask({ model: "best", routing: { region_hint: "eu" } }).chosen, "provider");
	assert.is(ask({ model: "large", routing: { region_hint: "eu" } }).chosen, "elsewhere");
	assert.is(ask({ model: "other-thing" }).chosen, "elsewhere");
	assert.is(ask({ model: "small", routing: { denylist: ["provider", "elsewhere"] } }).chosen, "local");
	assert.equal(
		ask({ model: "large", guest: "nightly" }).rejected.map(({ backend, reason, detail }) => [backend, reason, detail]),
		[
			["provider", "denied", "this guest's deny list names it"],
			["local", "model", "large"],
		],
	);
	await host.close();
});

test("the example vendors has each kind that has an upstream for chat, and every model that its comments name has a vendor", async () => {
	const variables = ["ANTHROPIC", "GEMINI", "OPENAI", "AZURE_OPENAI", "MISTRAL", "OPENROUTER"].map((name) => `${name}_API_KEY`);
	const env = Object.fromEntries([...variables, "AWS_BEARER_TOKEN_BEDROCK"].map((name) => [name, `key of ${name}`]));
	const host = await createHost({ config: new URL("vendors/spear.toml", EXAMPLES), env });
	const chat = (model: string) => host.explain({ operation: "chat_completions", model });
	assert.equal(chat("deep").eligible.toSorted(), ["anthropic", "azure", "bedrock", "openai", "openrouter"]);
	assert.equal(chat("fast").eligible.toSorted(), ["gemini", "mistral", "openai"]);
	assert.equal(chat("local").eligible, ["ollama"]);
	assert.equal(host.explain({ operation: "embeddings", model: "embed" }).eligible.toSorted(), ["gemini", "openai-media"]);
	assert.equal(
		host.backends().flatMap(({ missingKeys }) => missingKeys),
		[],
	);
	const field = { operation: "chat_completions", model: "deep", fields: ["params.temperature"], degradation: "strict" } as const;
	assert.equal(
		host.explain(field).rejected.flatMap(({ backend, reason }) => (reason === "degradation" ? [backend] : [])),
		["anthropic"],
	);
	await host.close();
});

test.run();
