import { test } from "uvu";
import * as assert from "uvu/assert";
import * as cchat from "../../generated/schema/validate/cchat.js";
import { config } from "../../generated/schema/validate/config.js";
import { logField } from "../../generated/schema/validate/log.js";
import { events, payloads, results } from "../../generated/schema/validate/operations.js";
import { callOptions, mediaRef } from "../../generated/schema/validate/types.js";
import type { ValidationError } from "../../generated/schema/validate/validator.d.ts";
import { wirePayloads } from "../../generated/schema/validate-wire/operations.js";
import { ConfigError } from "../../src/config/config-error.ts";
import { valueDocument } from "../../src/config/document.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { describeFaults } from "../../src/errors/describe-faults.ts";
import { createTransform } from "../../src/hostcall/transform.ts";
import { validated } from "../../src/normalize/validate.ts";
import { assertLinear } from "../helpers/growth.ts";
import { stubScope } from "../helpers/stub-scope.ts";

interface AnyValidator {
	(value: unknown): boolean;
	errors: readonly ValidationError[] | null;
}

/** Most faults of a value of these shapes: every list and object has its own bound. */
const MAX_ERRORS = 4_000;

const VALIDATORS: readonly (readonly [name: string, validator: AnyValidator])[] = [
	...Object.entries({ ...payloads }).map(([name, each]) => [`payload ${name}`, each] as const),
	...Object.entries({ ...results }).map(([name, each]) => [`result ${name}`, each] as const),
	...Object.entries({ ...events }).map(([name, each]) => [`event ${name}`, each] as const),
	...Object.entries({ ...wirePayloads }).map(([name, each]) => [`wire payload ${name}`, each] as const),
	["message", cchat.message],
	["tool", cchat.tool],
	["call options", callOptions],
	["media reference", mediaRef],
	["log field", logField],
	["config", config],
];

/** Names of members that are lists or maps somewhere in the schemas. */
const MEMBERS =
	"messages tools tool_calls content input images segments words voices embeddings allowlist denylist preferred required_ops required_features provider_options params stop backends routes keys models payload requirements routing";

/** Returns an object whose members are lists of `size` invalid items in all, beside as many unknown members. */
function faulty(size: number): object {
	const names = MEMBERS.split(" ");
	const list = Array.from({ length: Math.ceil(size / names.length) }, () => 5);
	const unknown = Array.from({ length: size }, (_, index) => [`unknown${index}`, index] as const);
	return { ...Object.fromEntries(names.map((name) => [name, list])), ...Object.fromEntries(unknown) };
}

/** Returns the same, a level deeper: items that are objects with faults, and maps of such objects. */
function nested(size: number): object {
	const names = MEMBERS.split(" ");
	const items = Array.from({ length: Math.ceil(size / names.length) }, () => ({ type: "text", content: [5, 5], text: 5, wrong: 1 }));
	const map = Object.fromEntries(items.map((item, index) => [`m${index}`, item]));
	return Object.fromEntries(names.map((name, index) => [name, index % 4 === 3 ? map : items]));
}

for (const [name, validator] of VALIDATORS) {
	test(`the validator of ${name} has a cost that grows linearly with the number of faults`, async () => {
		for (const make of [faulty, nested]) {
			await assertLinear({
				name,
				make,
				run: (value: object) => describeFaults(validator(value) ? [] : (validator.errors ?? [])),
				from: 128,
				to: 1 << 8,
			});
		}
	});

	test(`the validator of ${name} collects a bounded number of faults`, () => {
		for (const make of [faulty, nested]) {
			validator(make(5_000));
			const count = validator.errors?.length ?? 0;
			assert.ok(count < MAX_ERRORS, `${count} faults`);
			validator(make(10_000));
			assert.is(validator.errors?.length ?? 0, count);
		}
	});
}

test("a transform of invalid messages has a cost that grows linearly", () =>
	assertLinear({
		name: "transform.call",
		make: (size) => ({ messages: Array.from({ length: size }, () => 5) }),
		run: (payload: { messages: number[] }) => createTransform(stubScope()).call("chat_completions", payload, undefined),
		from: 128,
		to: 1 << 8,
	}));

test("a typed request with many faults names the first ten", () => {
	try {
		validated.payload("embeddings", { input: Array.from({ length: 5_000 }, () => 1) });
	} catch (thrown) {
		const { message } = Object(thrown);
		assert.is(message.split("; ").length, 11);
		assert.match(message, /^input\[0\]: must be string; .*; and at least \d+ more$/);
		return;
	}
	throw new Error("was accepted");
});

test("a configuration with many faults names the first twenty, at a cost that grows linearly", async () => {
	const make = (size: number): object => ({
		backends: Object.fromEntries(
			Array.from({ length: size }, (_, index) => [`b${index}`, { kind: "stub", api_key_env: ["a b", "c d"], odd: 1 }]),
		),
	});
	await assertLinear({
		name: "config",
		make,
		run: (value: object) => readConfig(valueDocument(value, "config"), { enabled: [], disabled: [] }),
		from: 64,
		to: 1 << 8,
	});
	try {
		readConfig(valueDocument(make(500), "config"), { enabled: [], disabled: [] }).faults.throwIfAny();
	} catch (thrown) {
		if (!(thrown instanceof ConfigError)) throw thrown;
		const lines = thrown.message.split("\n");
		assert.is(lines.length, 22);
		assert.match(lines[1] ?? "", /^ {2}backends\.b0\./);
		assert.match(lines.at(-1) ?? "", /^ {2}and at least \d+ more$/);
		return;
	}
	throw new Error("was accepted");
});

test.run();
