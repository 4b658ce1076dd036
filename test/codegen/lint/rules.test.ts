import { test } from "uvu";
import * as assert from "uvu/assert";
import { brief, findings, SOUND_FAMILY, SOUND_TYPES, spoilt } from "./sound-package.ts";

const since = "    @since(version = 0.1.0)\n";
/** The sound family with one more function at its end. */
const withFunction = (text: string, tag = ""): string =>
	spoilt("    /// Ranks.\n", `    /// More.\n${tag}${since}    ${text}\n    /// Ranks.\n`);

for (const [what, text, expected] of [
	// documented, gated
	["a field without docs", spoilt("        /// The question.\n", ""), ["undocumented: field `rank.request.query` has no doc comment"]],
	["a case without docs", spoilt("        /// Quickly.\n", ""), ["undocumented: case `rank.mode.fast` has no doc comment"]],
	["docs that are only a tag", spoilt("    /// One request.\n    ///\n", ""), ["undocumented: record `rank.request` has no doc comment"]],
	["a function without docs", spoilt("    /// Ranks.\n    ///\n", ""), ["undocumented: function `rank.rerank` has no doc comment"]],
	["an interface without docs", spoilt("/// Vocabulary.\n", ""), ["undocumented: interface `types` has no doc comment"]],
	[
		"a method without a version",
		spoilt(`        /// The next if there.\n        @since(version = 0.1.0)\n`, "        /// The next if there.\n"),
		["missing-since: function `rank.event-stream.try-next` does not say since when it exists"],
	],
	[
		"a type without a version",
		spoilt(`    /// JSON text.\n    ///\n    /// @json any\n${since}`, "    /// JSON text.\n    ///\n    /// @json any\n"),
		["missing-since: alias `types.json` does not say since when it exists"],
	],
	// results
	[
		"a blocking function without a result",
		withFunction("f: func() -> u32;", "    /// @blocking\n"),
		["missing-result: function `rank.f` returns no `result`, but waits for the host, so it can fail"],
	],
	...["u32", "string", "pollable", "tuple<bool>"].map((type): [string, string, string[]] => [
		`a blocking function of \`poll\` that gives ${type} and cannot fail`,
		spoilt(") -> list<u32>;", `) -> ${type};`),
		["missing-result: function `poll.poll` waits and gives a value that nothing can stand in for when the host fails"],
	]),
	[
		"a family's function without a result",
		withFunction("f: func();"),
		["missing-result: function `rank.f` returns no `result`, but has no way to say that it failed"],
	],
	[
		"a constructor",
		spoilt(
			"        /// Waits for the next.\n",
			"        /// Makes one.\n        @since(version = 0.1.0)\n        constructor();\n        /// Waits for the next.\n",
		),
		["missing-result: constructor of `rank.event-stream` returns no `result`, but cannot refuse"],
	],
	[
		"another error type",
		withFunction("f: func() -> result<u32, string>;"),
		["wrong-error-type: function `rank.f` does not fail with `types.error`"],
	],
	[
		"a result without an error type",
		withFunction("f: func() -> result<u32>;"),
		["wrong-error-type: function `rank.f` does not fail with `types.error`"],
	],
	[
		"an async func",
		withFunction("f: async func() -> result<u32, error>;"),
		["async-function: function `rank.f` is an `async func`, which guest engines do not support yet"],
	],
	// types
	[
		"a 64-bit parameter",
		withFunction("f: func(n: u64) -> result<u32, error>;"),
		["64-bit-integer: function `rank.f` has the type `u64`, which guests in JavaScript cannot hold"],
	],
	[
		"a 64-bit integer deep inside a field",
		spoilt("order: list<u32>", "order: list<tuple<u32, option<s64>>>"),
		["64-bit-integer: field `rank.response.order` has the type `s64`, which guests in JavaScript cannot hold"],
	],
	[
		"a stream type",
		withFunction("f: func() -> result<stream<u8>, error>;"),
		["unserved-type: function `rank.f` has the type `stream`, which is not supported yet"],
	],
	[
		"a handle in a result",
		spoilt("order: list<u32>", "order: list<pollable>"),
		["handle-in-data: field `rank.response.order` holds the handle `own<pollable>`"],
	],
	[
		"a handle in an event",
		spoilt("index(u32)", "index(own<event-stream>)"),
		["handle-in-data: case `rank.event.index` holds the handle `own<event-stream>`"],
	],
	// error
	[
		"an error without a message",
		spoilt("        /// In words.\n        message: string,\n", ""),
		["error-shape: `types.error` has no field `message`"],
	],
	[
		"an error with a delay of another type",
		spoilt("retry-after-ms: option<u32>", "retry-after-ms: u32"),
		["error-shape: field `retry-after-ms` of `types.error` has another type than bindings fill in"],
	],
	[
		"error codes without `internal`",
		spoilt("        /// The host is at fault.\n        internal,\n", ""),
		["error-shape: `types.error-code` has no case `internal`"],
	],
	[
		"error codes without `cancelled`",
		spoilt("        /// Given up.\n        cancelled,\n", ""),
		["error-shape: `types.error-code` has no case `cancelled`"],
	],
	// streams
	[
		"a stream without try-next",
		spoilt(
			"        /// The next if there.\n        @since(version = 0.1.0)\n        try-next: func() -> result<option<event>, error>;\n",
			"",
		),
		["stream-without-reader: stream `rank.event-stream` has no method `try-next`"],
	],
	[
		"next of another type",
		spoilt("next: func() -> result<event, error>", "next: func() -> result<u32, error>"),
		["wrong-stream-reader: `rank.event-stream.next` is not what every stream offers"],
	],
	[
		"next that does not wait",
		spoilt("        /// Waits for the next.\n        ///\n        /// @blocking\n", "        /// Waits for the next.\n"),
		["wrong-stream-reader: `rank.event-stream.next` waits for an event, but is not tagged `@blocking`"],
	],
	[
		"try-next that waits",
		spoilt("        /// The next if there.\n", "        /// The next if there.\n        ///\n        /// @blocking\n"),
		["wrong-stream-reader: `rank.event-stream.try-next` is tagged `@blocking`, but must never wait"],
	],
	[
		"subscribe that can fail",
		spoilt("subscribe: func() -> pollable", "subscribe: func() -> result<pollable, error>"),
		["wrong-stream-reader: `rank.event-stream.subscribe` is not what every stream offers"],
	],
	[
		"subscribe that gives another resource",
		spoilt("subscribe: func() -> pollable", "subscribe: func() -> event-stream"),
		[
			"missing-result: function `rank.event-stream.subscribe` returns no `result`, but has no way to say that it failed",
			"wrong-stream-reader: `rank.event-stream.subscribe` is not what every stream offers",
		],
	],
	[
		"a second readiness",
		spoilt("    /// Ranks.\n", `    /// Room.\n    ///\n    /// @readiness\n${since}    resource room;\n    /// Ranks.\n`),
		["several-readiness: resource `rank.room` is tagged `@readiness`, and so is resource `poll.pollable`"],
	],
	[
		"a stream that is a readiness itself",
		spoilt("    /// @stream event\n", "    /// @readiness\n    /// @stream event\n", spoilt("    /// @readiness\n", "")),
		[
			"missing-result: function `poll.pollable.block` returns no `result`, but waits for the host, so it can fail",
			"missing-result: function `poll.poll` returns no `result`, but waits for the host, so it can fail",
			"misfit-doc-tag: resource `rank.event-stream` is tagged both `@readiness` and `@stream`",
			"wrong-stream-reader: `rank.event-stream.subscribe` is not what every stream offers",
		],
	],
	[
		"events without an end",
		spoilt("        /// The end, in failure.\n        failed(error),\n", ""),
		["event-without-end: events `rank.event` have no case `failed` that carries a value"],
	],
	[
		"an end that is not the result",
		spoilt("completed(response)", "completed(u32)"),
		["event-without-end: `completed` of `rank.event` does not carry the record tagged `@result`"],
	],
	// names
	[
		"a case named type",
		spoilt("index(u32)", "%type(u32)"),
		["reserved-name: variant `rank.event` has a case named `type`, which the IR uses for the case's name"],
	],
	[
		"a function named then",
		withFunction("then: func() -> result<u32, error>;"),
		["reserved-name: function `rank.then` has a name that means something else on a JavaScript object"],
	],
	[
		"fields that fall together",
		spoilt(
			"        /// The question.\n",
			"        /// More.\n        a-1: u32,\n        /// More.\n        a1: u32,\n        /// The question.\n",
		),
		["name-collision: `a1` and `a-1`, both fields of `rank.request`, are both `a1` in generated code"],
	],
] as const) {
	test(`${what} is reported`, () => {
		assert.equal(
			brief(text).map(([finding]) => finding),
			expected,
		);
	});
}

test("a family whose payload nothing takes, or whose result nothing gives, is reported", () => {
	const nothingTakes = spoilt(
		"rerank-stream: func(request: request)",
		"rerank-stream: func()",
		spoilt("rerank: func(request: request)", "rerank: func()"),
	);
	assert.equal(brief(nothingTakes), [["payload-not-taken: no function of interface `rank` takes its payload `request`", "request"]]);
	const nothingGives = spoilt(
		"rerank-stream: func(request: request) -> result<event-stream, error>",
		"rerank-stream: func(request: request) -> result<u32, error>",
		spoilt("rerank: func(request: request) -> result<response, error>", "rerank: func(request: request) -> result<u32, error>"),
	);
	assert.equal(brief(nothingGives), [["result-not-given: no function of interface `rank` gives its result or one of its streams", "rank"]]);
});

test("what cannot fail by its nature needs no result", () => {
	const logging = `/// Lines.\n@since(version = 0.1.0)\ninterface log {\n    /// One line.\n${since}    line: func(text: string);\n}\n`;
	assert.equal(findings(`package spear:test@0.1.0;\n${SOUND_TYPES}${SOUND_FAMILY}${logging}`), []);
});

test("an item that may still change needs no version", () => {
	const unstable = spoilt(
		"    /// Ranks.\n    ///\n    /// @blocking\n    @since(version = 0.1.0)\n",
		"    /// Ranks.\n    ///\n    /// @blocking\n    @unstable(feature = rerank)\n",
	);
	assert.equal(findings(unstable), []);
});

test("a package without a version is told so once", () => {
	const text = `package spear:test;\n${SOUND_TYPES}${SOUND_FAMILY}`.replaceAll(/ *@since.*\n/g, "");
	assert.equal(
		brief(text).map(([finding]) => finding),
		["unversioned-package: package `spear:test` has no version"],
	);
});

test("a hostcall without any error record is reported once, and each function for its own error type", () => {
	const text = `package spear:test@0.1.0;\n/// I.\n@since(version = 0.1.0)\ninterface i {\n    /// F.\n${since}    f: func() -> result<u32, string>;\n}\n`;
	assert.equal(
		brief(text).map(([finding]) => finding),
		["error-shape: interface `types` declares no record `error`", "wrong-error-type: function `i.f` does not fail with `types.error`"],
	);
});

test("a stream in a package without a readiness is told to tag one", () => {
	const found = findings(spoilt("    /// @readiness\n", "")).find(({ code }) => code === "wrong-stream-reader");
	assert.is(found?.help, "write `subscribe: func() -> pollable;`; tag the resource to wait with `@readiness`");
});

test("findings of several rules come in reading order", () => {
	const text = spoilt(
		"@default fast",
		"@default slow",
		spoilt("/// @min-items 1", "/// @min-item 1", spoilt("        /// Quickly.\n", "")),
	);
	assert.equal(
		findings(text).map((each) => each.code),
		["undocumented", "unknown-doc-tag", "misfit-doc-tag"],
	);
});

test.run();
