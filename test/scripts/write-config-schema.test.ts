import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import jsTokens from "js-tokens";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKinds } from "../../generated/registry.ts";
import { type KindOption, optionsOfKind } from "../../scripts/config-schema/kind-options.ts";
import { defaultOf, wordsOf } from "../../scripts/config-schema/option-words.ts";
import { currentSchema, SCHEMA_FILE } from "../../scripts/write-config-schema.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { settingsFrom } from "../helpers/config.ts";
import { ROOT } from "../helpers/guest.ts";

const TEXT = readFileSync(SCHEMA_FILE, "utf8");
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(JSON.parse(TEXT));

/** Returns the faults of a value by the schema, each as its place and its keyword. */
function faultsBySchema(value: unknown): string[] {
	validate(value);
	return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

/** Returns true if the host accepts a configuration. */
function hostAccepts(text: string): boolean {
	try {
		settingsFrom(text);
		return true;
	} catch (thrown) {
		if (thrown instanceof ConfigError) return false;
		throw thrown;
	}
}

test("the schema for editors is made of the schema that the host validates with and of what its kinds read", async () => {
	assert.is(await currentSchema(), TEXT, "run `npm run schema -- --write` and review the difference");
});

test("the schema accepts every example, and each example names the schema", () => {
	const examples = globSync("examples/*/spear.toml", { cwd: ROOT });
	assert.ok(examples.length >= 6);
	for (const path of examples) {
		const text = readFileSync(join(ROOT, path), "utf8");
		assert.equal(faultsBySchema(parse(text)), [], path);
		const [, named = ""] = /^#:schema (\S+)\n/.exec(text) ?? [];
		assert.is(resolve(ROOT, dirname(path), named), SCHEMA_FILE, path);
	}
});

test("the schema accepts every configuration of the documents", () => {
	const pages = globSync(["*.md", "src/**/*.md", "examples/**/*.md", "generated/docs/**/*.md"], { cwd: ROOT });
	const blocks = pages.flatMap((path) =>
		[...readFileSync(join(ROOT, path), "utf8").matchAll(/^```toml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => ({ path, text })),
	);
	assert.ok(blocks.length >= 8);
	// A page may show a part of a backend's table, or a kind of a package of one's own.
	for (const { path, text } of blocks) assert.equal(faultsBySchema(parse(text)), [], `${path}\n${text}`);
});

test("the schema accepts every configuration of the tests that the host accepts", () => {
	const texts = globSync("test/**/*.ts", { cwd: ROOT }).flatMap((path) =>
		literalsOf(readFileSync(join(ROOT, path), "utf8"))
			.filter((text) => TABLE.test(text) && parses(text) && hostAccepts(text))
			.map((text) => ({ path, text })),
	);
	assert.ok(texts.length >= 20, `${texts.length} configurations`);
	for (const { path, text } of texts) assert.equal(faultsBySchema(parse(text)), [], `${path}\n${text}`);
});

/** The head of a table of a configuration. */
const TABLE = /^\s*\[(?:host|limits|media|router|backends|routes|guests)\b/m;

/** Returns the texts in the literals of a source, without those that hold expressions. */
function literalsOf(source: string): string[] {
	return [...jsTokens(source)].flatMap(({ type, value }) => {
		if (type !== "StringLiteral" && type !== "NoSubstitutionTemplate") return [];
		return value.slice(1, -1).replaceAll("\\n", "\n").replaceAll(/\\(.)/g, "$1");
	});
}

function parses(text: string): boolean {
	try {
		parse(text);
		return true;
	} catch {
		return false;
	}
}

for (const [what, value, faults] of [
	["an unknown table", { hosts: {} }, [" additionalProperties"]],
	["a wrong unit", { host: { timeout_ms: "1s" } }, ["/host/timeout_ms type"]],
	["an unknown operation", { routes: { chat: {} } }, ["/routes additionalProperties"]],
	[
		"an operation of a limit",
		{ backends: { a: { kind: "stub", operation_limits: { chat: {} } } } },
		["/backends/a/operation_limits additionalProperties"],
	],
	["an unknown feature", { backends: { a: { kind: "stub", features: ["tools"] } } }, ["/backends/a/features/0 enum"]],
	[
		"an option of another kind",
		{ backends: { a: { kind: "stub", options: { prompt_cache: "5m" } } } },
		["/backends/a/options additionalProperties"],
	],
	[
		"a wrong word of an option",
		{ backends: { a: { kind: "anthropic", options: { prompt_cache: "9m" } } } },
		["/backends/a/options/prompt_cache enum"],
	],
	["a backend without a kind", { backends: { a: {} } }, ["/backends/a required"]],
	["any option of a kind from a module", { backends: { a: { kind: "mine", options: { any: 1 } } } }, []],
] as const) {
	test(`the schema judges ${what} at its place`, () => {
		const found = faultsBySchema(value).filter((fault) => !/ (?:if|anyOf)$/.test(fault));
		assert.equal([...new Set(found)], faults);
	});
}

/** A value of each type of TOML. */
const SAMPLES: readonly unknown[] = [
	true,
	false,
	0,
	1,
	256,
	1.5,
	-1,
	3_600_001,
	2_000_000_000,
	"",
	"words",
	[],
	["a"],
	[1],
	{},
	{ a: "b" },
	{ a: 1 },
];

/** Returns the options with one of them set, tables included. */
function nested([name = "", ...rest]: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
	return { [name]: rest.length === 0 ? value : nested(rest, value) };
}

/** Returns true if a kind has no fault at an option, or inside it. */
function kindAccepts(kind: (typeof backendKinds)[number], { path }: KindOption, value: unknown): boolean {
	const options = nested(path, value);
	try {
		void kind.create({ name: "main", kind: kind.name, base_url: "https://api.example.com/v1", models: [], options }).close();
	} catch (thrown) {
		const faults: readonly { readonly path: readonly (string | number)[]; readonly message: string }[] = Object(thrown).faults ?? [];
		const typeFault = /^(?:must be|is not an option)/;
		return !faults.some((fault) => ["options", ...path].every((step, at) => fault.path[at] === step) && typeFault.test(fault.message));
	}
	return true;
}

for (const kind of backendKinds) {
	test(`the schema and the kind ${kind.name} agree about values of every option`, async () => {
		for (const option of await optionsOfKind(kind)) {
			const words = option.shape.type === "string" ? (option.shape.allowed ?? []) : [];
			for (const value of [...SAMPLES, ...words]) {
				const faults = faultsBySchema({ backends: { main: { kind: kind.name, options: nested(option.path, value) } } });
				const place = `${option.path.join(".")} = ${JSON.stringify(value)}`;
				// The kind also knows formats, such as those of paths and headers, and bounds between options.
				if (kindAccepts(kind, option, value)) assert.equal(faults, [], place);
				if (option.shape.type !== "string" || words.length > 0) {
					if (faults.length === 0 && option.shape.type !== "list") assert.ok(kindAccepts(kind, option, value), place);
				}
			}
		}
	});
}

test("every option has a description, and a default where the page states a fixed one", async () => {
	const { definitions } = JSON.parse(TEXT);
	assert.is(definitions.OptionsOpenaiCompatible.properties.max_tokens_field.default, "max_completion_tokens");
	assert.is(definitions.OptionsOpenaiCompatible.properties.send_opaque.default, true);
	assert.is(definitions.OptionsLocal.properties.idle_unload_ms.default, 300_000);
	assert.match(definitions.OptionsAzureOpenai.properties.voices.description, /^Ids of the voices/);
	assert.match(definitions.OptionsLocal.properties.threads.description, /Default: half of the processors\.$/);
	for (const [name, schema] of Object.entries<{ properties: Record<string, { description?: string }> }>(definitions)) {
		if (!name.startsWith("Options")) continue;
		for (const [option, { description }] of Object.entries(schema.properties)) assert.ok(description, `${name}.${option}`);
	}
});

test("an option that the page about kinds lacks is an error, and a default of another form is none", () => {
	assert.throws(() => wordsOf("\n## k\n| `a` | none | words |\n", "k", "b"), "lacks the option b of k");
	assert.is(defaultOf({ fallback: "half of the processors", meaning: "" }, "integer"), undefined);
	assert.is(defaultOf({ fallback: "1,234,567", meaning: "" }, "integer"), 1_234_567);
});

test.run();
