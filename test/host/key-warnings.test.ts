import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeyWarnings, keyFault } from "../../src/host/key-warnings.ts";
import { createHost } from "../../src/index.ts";
import { memoryLog } from "../helpers/memory-log.ts";

for (const [what, value, fault] of [
	["is not set", undefined, "the variable is not set"],
	["is empty", "", "the variable is empty"],
	["holds only blanks", " \n", "the variable is empty"],
	["is in quotes", '"sk-quoted-0123456789"', "the value is in quotes"],
	["is in quotes before a line break", "'sk-quoted-0123456789'\n", "the value is in quotes"],
	["begins with Bearer", "Bearer sk-bearer-0123456789", "the value begins with the word Bearer"],
	["begins with bearer", "bearer sk-bearer-0123456789", "the value begins with the word Bearer"],
	["is the name of a variable", "$OTHER_KEY_OF_THE_HOST", "the value begins with '$'"],
	["has two lines", "sk-first-0123456789\nsk-second-0123456789", "the value has several lines"],
	["has a blank", "sk-first 0123456789", "the value holds characters that no header can carry"],
	["has a letter beyond ASCII", "sk-ünicode-0123456789", "the value holds characters that no header can carry"],
	["is short", "k", "the key is shorter than"],
] as const) {
	test(`a key that ${what} has its reason, which does not repeat it`, () => {
		const found = keyFault(value) ?? "";
		assert.match(found, fault);
		for (const word of (value ?? "").split(/\s/).filter(({ length }) => length > 6)) assert.not.match(found, word);
	});
}

test("a key with a line break at its end is good", () => {
	assert.is(keyFault("sk-from-a-file-0123456789\n"), undefined);
});

test("a fault of a variable is reported once, and again when it changes", () => {
	const { logger, lines } = memoryLog();
	const warnings = new KeyWarnings(logger);
	for (const value of [undefined, undefined, "", "sk-good-0123456789abcd", undefined])
		warnings.report([{ backend: "a", name: "A_KEY", value }]);
	assert.equal(
		lines.map(({ message }) => message),
		[
			"A_KEY of backend a: the variable is not set, so the key is not used",
			"A_KEY of backend a: the variable is empty, so the key is not used",
		],
	);
});

test("a host names the variables of keys that cannot serve at its start, and each once over reloads", async () => {
	const { logger, at } = memoryLog();
	const config = {
		backends: { a: { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", api_key_env: ["GOOD", "QUOTED", "UNSET"] } },
	};
	const env = { GOOD: "sk-good-0123456789abcd", QUOTED: '"sk-quoted-0123456789abcd"' };
	const host = await createHost({ config, env, logger });
	await host.reload();
	assert.equal(
		at("warn").map(({ fields }) => fields.variable),
		["QUOTED", "UNSET"],
	);
	assert.equal(host.backends()[0]?.missingKeys, ["UNSET"]);
	assert.is(host.backends()[0]?.hasKey, true);
	await host.close();
});

test.run();
