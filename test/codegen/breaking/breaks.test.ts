import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkLock } from "../../../codegen/breaking/lock-file.ts";
import { LOCK_NAME } from "../../../codegen/breaking/lock-name.ts";
import type { Diagnostic } from "../../../codegen/diagnostics/diagnostic.ts";
import type { Model } from "../../../codegen/model/model.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { SOUND, SOUND_TYPES, spoilt } from "../lint/sound-package.ts";
import { inScratch } from "../write/scratch.ts";

const WORLD = `/// A guest.
@since(version = 0.1.0)
world agent {
    @since(version = 0.1.0)
    import rank;
    use types.{error};
    /// The entry point.
    @since(version = 0.1.0)
    export run: func(input: string) -> result<string, error>;
}
`;
const BEFORE = SOUND + WORLD;

function modelOf(text: string): Model {
	const { model, diagnostics } = readWitText(text, { path: "test.wit" });
	assert.equal(diagnostics, []);
	assert.ok(model);
	if (model === undefined) throw new Error("unreachable");
	return model;
}

/** What the lock made from one text says about another. */
async function compare(before: string, after: string): Promise<readonly Diagnostic[]> {
	return inScratch((dir) => {
		const file = path.join(dir, LOCK_NAME);
		fs.writeFileSync(file, checkLock(modelOf(before), file, { isExpected: false }).next);
		return checkLock(modelOf(after), file, { isExpected: true }).diagnostics;
	});
}

const change = (from: string, to: string): string => spoilt(from, to, BEFORE);
const since = "@since(version = 0.1.0)";

for (const [what, after] of [
	["nothing", BEFORE],
	["docs", change("/// The question.", "/// What to ask.")],
	[
		"a function added",
		change("    /// Ranks.\n", `    /// More.\n    ${since}\n    more: func() -> result<u32, error>;\n    /// Ranks.\n`),
	],
	[
		"a type added",
		change(
			"    /// One request.\n",
			`    /// More.\n    ${since}\n    enum more {\n        /// One.\n        one\n    }\n    /// One request.\n`,
		),
	],
	["a range widened", change("@range 1..100", "@range 0..")],
	["a limit lifted", change("        /// @pattern ^[a-z]{2}$\n", "        ///\n")],
	["a shorter list allowed", change("@min-items 1", "@min-items 0")],
	[
		"a default where there was none",
		change("        /// @pattern ^[a-z]{2}$\n", "        /// @pattern ^[a-z]{2}$\n        /// @default en\n"),
	],
	["an import added to a world", change("    import rank;", `    import rank;\n    ${since}\n    import poll;`)],
	["a compatible version", change("package spear:test@0.1.0;", "package spear:test@0.1.7;")],
] as const) {
	test(`${what} breaks nobody`, async () => {
		assert.equal(await compare(BEFORE, after), []);
	});
}

for (const [what, after, expected] of [
	[
		"a demand on backends added",
		change("        /// The question.\n", "        /// The question.\n        ///\n        /// @feature supports_questions\n"),
		[
			"feature-demanded: `rank.request.query` demands the feature `supports_questions` now: requests of guests built before that set it find no backend without the feature",
		],
	],
	[
		"a function removed",
		change(
			`    /// Ranks.\n    ///\n    /// @blocking\n    ${since}\n    rerank: func(request: request) -> result<response, error>;\n`,
			"",
		),
		[
			"function-removed: function `rank.rerank` is gone: guests that import it no longer start, and source that implements or calls it no longer builds",
			"transport-removed: operation `rerank` no longer offers the transport `unary`: guests and routes that require it find no backend",
		],
	],
	[
		"a parameter added",
		change("rerank: func(request: request) ->", "rerank: func(request: request, hint: option<string>) ->"),
		[
			"parameter-added: function `rank.rerank` gained the parameter `hint`: parameters are part of its type, so guests built before are refused at the load",
		],
	],
	[
		"a record field added",
		change("        /// The question.\n", "        /// More.\n        more: option<u32>,\n        /// The question.\n"),
		[
			"optional-record-field-added: record `rank.request` gained the field `more`: records are matched field by field, an optional one too, so guests built before that use `rank.rerank` or `rank.rerank-stream` are refused at the load",
		],
	],
	[
		"a record field removed",
		change("        /// The question.\n        query: string,\n", ""),
		[
			"record-field-removed: record `rank.request` lost the field `query`: types are matched field by field, so guests built before that use `rank.rerank` or `rank.rerank-stream` are refused at the load",
		],
	],
	[
		"a field's type changed",
		change("query: string", "query: option<string>"),
		[
			"record-field-type-changed: field `query` of record `rank.request` was `query: string` and is now `query: option<string>`: guests built before that use `rank.rerank` or `rank.rerank-stream` are refused at the load",
		],
	],
	[
		"fields in another order",
		change(
			"        /// When.\n        retry-after-ms: option<u32>,\n        /// Of what.\n        operation: option<string>,\n",
			"        /// Of what.\n        operation: option<string>,\n        /// When.\n        retry-after-ms: option<u32>,\n",
		),
		[
			"record-field-moved: field `retry-after-ms` of record `types.error` has another place than before: values cross by position, so guests built before that use `rank.event-stream.next`, `rank.event-stream.try-next`, `rank.rerank` and others are refused at the load",
		],
	],
	[
		"a case added to what guests receive",
		change("        /// One more index.\n", "        /// None.\n        none,\n        /// One more index.\n"),
		[
			"variant-case-added: variant `rank.event` gained the case `none`: types are matched case by case, so guests built before that use `rank.event-stream.next` or `rank.event-stream.try-next` are refused at the load",
		],
	],
	[
		"a case added to what guests only send",
		change("        /// Quickly.\n", "        /// Slowly.\n        slow,\n        /// Quickly.\n"),
		[
			"enum-case-added: enum `rank.mode` gained the case `slow`: types are matched case by case, so guests built before that use `rank.rerank` or `rank.rerank-stream` are refused at the load",
		],
	],
	[
		"a case removed that guests send",
		change("        /// Well.\n        thorough,\n", ""),
		[
			"enum-case-removed: enum `rank.mode` lost the case `thorough`: types are matched case by case, so guests built before that use `rank.rerank` or `rank.rerank-stream` are refused at the load",
		],
	],
	[
		"an alias that stands for something else",
		change("    /// @json any\n", "    /// @json object\n"),
		[
			"json-kind-changed: `types.json` was tagged `@json any` and is now tagged `@json object`: no function carries it, so guests built before still run",
		],
	],
	[
		"a range narrowed",
		change("@range 1..100", "@range 2..50"),
		[
			"limit-tightened: `rank.request.top` was limited by maximum `100` and is now limited by maximum `50`: a value that was allowed before is refused with `invalid-request`",
			"limit-tightened: `rank.request.top` was limited by minimum `1` and is now limited by minimum `2`: a value that was allowed before is refused with `invalid-request`",
		],
	],
	[
		"a limit on an existing field",
		change("        /// The question.\n", "        /// The question.\n        ///\n        /// @pattern ^[a-z]+$\n"),
		[
			"limit-tightened: `rank.request.query` had no limit and is now limited by pattern `^[a-z]+$`: a value that was allowed before is refused with `invalid-request`",
		],
	],
	[
		"another default",
		change("@default fast", "@default thorough"),
		["default-changed: `@default` of `rank.request.mode` was `fast` and is now `thorough`: guests that leave it out get another behaviour"],
	],
	[
		"a default taken away",
		change("        /// @default fast\n", ""),
		["default-removed: `@default fast` of `rank.request.mode` is gone: guests that leave it out no longer know what they get"],
	],
	[
		"a feature's name gone",
		change("@feature supports_modes", "@feature supports_ranking_modes"),
		[
			"feature-renamed: feature `supports_modes` was renamed `supports_ranking_modes`: guests that list the old name in `required-features` get `invalid-request`, and host configurations that mention it are refused",
		],
	],
	[
		"an operation renamed",
		change("@operation rerank", "@operation ranking"),
		[
			"operation-renamed: operation `rerank` was renamed `ranking`: guests that name it through `transform`, backends that serve it and host configurations that mention it stop working",
		],
	],
	[
		"an export demanded of guests",
		change("    /// The entry point.\n", `    /// The other.\n    ${since}\n    export stop: func();\n    /// The entry point.\n`),
		["world-export-added: `world agent` now has `export stop`: guests built before do not export it, so they no longer start"],
	],
	[
		"an import taken from a world",
		change(`    ${since}\n    import rank;\n`, ""),
		[
			"world-import-removed: `world agent` no longer has `import rank`: a host of this world need not offer it, and guests that use the import can no longer be built",
		],
	],
	["a world gone", BEFORE.replace(WORLD, ""), ["world-removed: `world agent` is gone: guests that target it can no longer be built"]],
	[
		"an incompatible version",
		change("package spear:test@0.1.0;", "package spear:test@0.2.0;"),
		[
			"package-version-incompatible: the package was `spear:test@0.1.0` and is now `spear:test@0.2.0`: guests built before import the old version by name; a host that is to run them must offer both",
		],
	],
] as const) {
	test(`${what} breaks, and the message says whom`, async () => {
		const found = await compare(BEFORE, after);
		assert.equal(found.map((each) => `${each.code}: ${each.message}`).sort(), [...expected].sort());
	});
}

test("an interface that is gone is told once, not item by item", async () => {
	const found = await compare(BEFORE, `package spear:test@0.1.0;\n${SOUND_TYPES}`);
	assert.equal(
		found.map((each) => each.message.split(":")[0]),
		["feature `supports_modes` is gone", "operation `rerank` is gone", "interface `rank` is gone", "`world agent` is gone"],
	);
});

test("what was unstable may change freely", async () => {
	const unstable = change(
		"    /// Ranks bit by bit.\n    ///\n    /// @blocking\n    @since(version = 0.1.0)\n",
		"    /// Ranks bit by bit.\n    ///\n    /// @blocking\n    @unstable(feature = streams)\n",
	);
	assert.equal(await compare(unstable, unstable.replace("rerank-stream: func(request: request)", "rerank-stream: func()")), []);
});

test("a change points at the part of the WIT that changed, a removal at the lock", async () => {
	const after = change("query: string", "query: option<string>");
	const [changed] = await compare(BEFORE, after);
	assert.is(after.slice(changed?.span.offset, changed?.span.endOffset), "query");
	assert.is(changed?.span.file, "test.wit");
	const [removed] = await compare(BEFORE, BEFORE.replace(WORLD, ""));
	assert.equal([removed?.span.file, (removed?.span.line ?? 0) > 1], ["abi.lock.json", true]);
});

test("the way out names the next version", async () => {
	const [found] = await compare(BEFORE, BEFORE.replace(WORLD, ""));
	assert.is(
		found?.help,
		"keep it, marked `@deprecated`; or accept it with `--accept-breaking` and raise the version of the package to `0.2.0`",
	);
});

const DAMAGED = [
	{ "x.y": { kind: "record" } },
	{ x: { kind: "interface" }, "x.y": { kind: "nonsense" } },
	{ x: { kind: "interface" }, "x.f": { kind: "func", shape: "func(a: u32" } },
	{ x: { kind: "interface" }, "x.f": { kind: "func", shape: "func(a: list<u32)" } },
	{ x: { kind: "interface" }, "x.a": { kind: "alias", shape: "x.b" }, "x.b": { kind: "alias", shape: "list<x.a>" } },
	{ "world w": { kind: "world", shape: ["import x"] } },
].map((items) => JSON.stringify({ formatVersion: 2, package: "a:b", items }));

test("a missing lock is a finding where code was generated before, and none at the first run", async () => {
	await inScratch((dir) => {
		const file = path.join(dir, LOCK_NAME);
		const codes = (isExpected: boolean) => checkLock(modelOf(BEFORE), file, { isExpected }).diagnostics.map((each) => each.code);
		assert.equal(codes(true), ["missing-abi-lock"]);
		assert.equal(codes(false), []);
	});
});

test("a damaged lock is reported, not overwritten", async () => {
	await inScratch((dir) => {
		const file = path.join(dir, LOCK_NAME);
		for (const text of ["<<<<<<< HEAD\n", "{}", ...DAMAGED]) {
			fs.writeFileSync(file, text);
			assert.equal(
				checkLock(modelOf(BEFORE), file, { isExpected: true }).diagnostics.map((each) => each.code),
				["invalid-abi-lock"],
			);
		}
	});
});

test("the lock is sorted and holds nothing that differs between machines", () => {
	const lock = checkLock(modelOf(BEFORE), "/nowhere/abi.lock.json", { isExpected: false }).next;
	const value: { items: Record<string, unknown> } = JSON.parse(lock);
	assert.equal(Object.keys(value.items), Object.keys(value.items).sort());
	assert.equal(value.items["rank.rerank"], {
		kind: "func",
		shape: "@blocking func(request: rank.request) -> result<rank.response, types.error>",
	});
	assert.equal(value.items["rank.mode"], { kind: "enum", shape: ["fast", "thorough"] });
	assert.equal(value.items["world agent"], {
		kind: "world",
		shape: ["export run: func(input: string) -> result<string, types.error>", "import rank", "use error: types.error"],
	});
	assert.not.match(lock, "test.wit");
});

test.run();
