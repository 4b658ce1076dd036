import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { settingsFrom } from "../helpers/config.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

for (const name of readdirSync(EXAMPLES)) {
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

test.run();
