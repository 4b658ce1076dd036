import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkLock } from "../../../codegen/breaking/lock-file.ts";
import { LOCK_NAME } from "../../../codegen/breaking/lock-name.ts";
import type { Diagnostic } from "../../../codegen/diagnostics/diagnostic.ts";
import { checkAbi } from "../../../codegen/lint/check-abi.ts";
import type { Abi } from "../../../codegen/model/abi.ts";
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

function abiOf(text: string): Abi {
	const { model, diagnostics } = readWitText(text, { path: "test.wit" });
	assert.equal(diagnostics, []);
	assert.ok(model);
	if (model === undefined) throw new Error("unreachable");
	return checkAbi(model).abi;
}

/** What the lock made from one text says about another. */
async function compare(before: string, after: string): Promise<readonly Diagnostic[]> {
	return inScratch((dir) => {
		const file = path.join(dir, LOCK_NAME);
		fs.writeFileSync(file, checkLock(abiOf(before), file).next);
		return checkLock(abiOf(after), file).diagnostics;
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
	[
		"a demand on backends added",
		change("        /// The question.\n", "        /// The question.\n        ///\n        /// @feature supports_questions\n"),
	],
] as const) {
	test(`${what} breaks nobody`, async () => {
		assert.equal(await compare(BEFORE, after), []);
	});
}

for (const [what, after, expected] of [
	[
		"a function removed",
		change(
			`    /// Ranks.\n    ///\n    /// @blocking\n    ${since}\n    rerank: func(request: request) -> result<response, error>;\n`,
			"",
		),
		[
			"breaking-removal: function `rank.rerank` is gone: guests that import it no longer start, and hosts that implement it no longer compile",
			"breaking-change: `operation rerank` no longer offers the transport `unary`: guests and routes that require it find no backend",
		],
	],
	[
		"a parameter added",
		change("rerank: func(request: request) ->", "rerank: func(request: request, hint: option<string>) ->"),
		[
			"breaking-change: function `rank.rerank` was `func(request: rank.request) -> result<rank.response, types.error>` and is now `func(request: rank.request, hint: option<string>) -> result<rank.response, types.error>`: guests built before no longer start or misread its values, and hosts that implement it no longer compile",
		],
	],
	[
		"a record field added",
		change("        /// The question.\n", "        /// More.\n        more: option<u32>,\n        /// The question.\n"),
		[
			"breaking-change: record `rank.request` gained the field `more`: records are matched field by field, so guests built before that use `rank.rerank` and `rank.rerank-stream` must be rebuilt",
		],
	],
	[
		"a record field removed",
		change("        /// The question.\n        query: string,\n", ""),
		[
			"breaking-change: record `rank.request` lost the field `query`: guests built before that use `rank.rerank` and `rank.rerank-stream` must be rebuilt",
		],
	],
	[
		"a field's type changed",
		change("query: string", "query: option<string>"),
		[
			"breaking-change: field `query` of record `rank.request` was `query: string` and is now `query: option<string>`: guests built before that use `rank.rerank` and `rank.rerank-stream` must be rebuilt",
		],
	],
	[
		"fields in another order",
		change(
			"        /// When.\n        retry-after-ms: option<u32>,\n        /// Of what.\n        operation: option<string>,\n",
			"        /// Of what.\n        operation: option<string>,\n        /// When.\n        retry-after-ms: option<u32>,\n",
		),
		[
			"breaking-change: field `operation` of record `types.error` has another place than before: values cross by position, so guests built before that use `run`, `rank.rerank`, `rank.rerank-stream` and 2 more must be rebuilt",
		],
	],
	[
		"a case added to what guests receive",
		change("        /// One more index.\n", "        /// None.\n        none,\n        /// One more index.\n"),
		[
			"breaking-change: variant `rank.event` gained the case `none`: a guest built before traps when the host answers with it from `rank.event-stream.next` and `rank.event-stream.try-next`",
		],
	],
	[
		"a case added to what guests only send",
		change("        /// Quickly.\n", "        /// Slowly.\n        slow,\n        /// Quickly.\n"),
		[
			"breaking-change: enum `rank.mode` gained the case `slow`: types are matched case by case, so guests built before that use `rank.rerank` and `rank.rerank-stream` must be rebuilt",
		],
	],
	[
		"a case removed that guests send",
		change("        /// Well.\n        thorough,\n", ""),
		[
			"breaking-change: enum `rank.mode` lost the case `thorough`: a guest built before may still hand it to `rank.rerank` and `rank.rerank-stream`, where the host no longer knows it",
		],
	],
	[
		"an alias that stands for something else",
		change("    /// @json any\n", "    /// @json object\n"),
		[
			"breaking-change: `types.json` stood for `string, @json any` and now stands for `string, @json object`: guests that use it must be rebuilt",
		],
	],
	[
		"a range narrowed",
		change("@range 1..100", "@range 2..50"),
		[
			"breaking-change: `rank.request.top` was limited by minimum `1` and is now limited by minimum `2`: guests that send what was allowed before get `invalid-request`",
			"breaking-change: `rank.request.top` was limited by maximum `100` and is now limited by maximum `50`: guests that send what was allowed before get `invalid-request`",
		],
	],
	[
		"a limit on an existing field",
		change("        /// The question.\n", "        /// The question.\n        ///\n        /// @pattern ^[a-z]+$\n"),
		[
			"breaking-change: `rank.request.query` had no limit and is now limited by pattern `^[a-z]+$`: guests that send what was allowed before get `invalid-request`",
		],
	],
	[
		"another default",
		change("@default fast", "@default thorough"),
		["breaking-change: `@default` of `rank.request.mode` was `fast` and is now `thorough`: guests that leave it out get another behaviour"],
	],
	[
		"a default taken away",
		change("        /// @default fast\n", ""),
		["breaking-change: `@default fast` of `rank.request.mode` is gone: guests that leave it out no longer know what they get"],
	],
	[
		"a feature's name gone",
		change("@feature supports_modes", "@feature supports_ranking_modes"),
		[
			"breaking-removal: `feature supports_modes` is gone: guests that list it in `required-features` get `invalid-request`, and host configurations that mention it are refused",
		],
	],
	[
		"an operation renamed",
		change("@operation rerank", "@operation ranking"),
		[
			"breaking-removal: `operation rerank` is gone: guests that name it through `transform`, backends that serve it and host configurations that mention it stop working",
		],
	],
	[
		"an export demanded of guests",
		change("    /// The entry point.\n", `    /// The other.\n    ${since}\n    export stop: func();\n    /// The entry point.\n`),
		["breaking-change: `world agent` now has `export stop: func()`: guests built before do not export it, so they no longer start"],
	],
	[
		"an import taken from a world",
		change(`    ${since}\n    import rank;\n`, ""),
		["breaking-change: `world agent` no longer has `import rank`: guests that target it and use that import can no longer be built"],
	],
	["a world gone", BEFORE.replace(WORLD, ""), ["breaking-removal: `world agent` is gone: guests that target it can no longer be built"]],
	[
		"an incompatible version",
		change("package spear:test@0.1.0;", "package spear:test@0.2.0;"),
		[
			"breaking-change: the package was `spear:test@0.1.0` and is now `spear:test@0.2.0`: guests built before import the old version by name; a host that is to run them must offer both",
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
		["`feature supports_modes` is gone", "`operation rerank` is gone", "interface `rank` is gone", "`world agent` is gone"],
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
		"undo it, offer the new form under a new name beside the old one, or accept it with `--accept-breaking` and raise the version of the package to `0.2.0`",
	);
});

test("a damaged lock is reported, not overwritten", async () => {
	await inScratch((dir) => {
		const file = path.join(dir, LOCK_NAME);
		for (const text of ["<<<<<<< HEAD\n", "{}", `{"formatVersion":1,"package":"a:b","items":{"x":{"kind":"nonsense"}}}`]) {
			fs.writeFileSync(file, text);
			assert.equal(
				checkLock(abiOf(BEFORE), file).diagnostics.map((each) => each.code),
				["invalid-abi-lock"],
			);
		}
	});
});

test("the lock is sorted and holds nothing that differs between machines", () => {
	const lock = checkLock(abiOf(BEFORE), "/nowhere/abi.lock.json").next;
	const value: { items: Record<string, unknown> } = JSON.parse(lock);
	assert.equal(Object.keys(value.items), Object.keys(value.items).sort());
	assert.equal(value.items["rank.rerank"], { kind: "func", shape: "func(request: rank.request) -> result<rank.response, types.error>" });
	assert.equal(value.items["rank.mode"], { kind: "enum", shape: ["fast", "thorough"] });
	assert.equal(value.items["world agent"], {
		kind: "world",
		shape: ["export run: func(input: string) -> result<string, types.error>", "import rank"],
	});
	assert.not.match(lock, "test.wit");
});

test.run();
