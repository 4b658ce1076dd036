import { test } from "uvu";
import * as assert from "uvu/assert";
import { lintProfiles } from "../../../codegen/lint/profiles.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { coreFindings, SOUND_CORE, spoiltCore } from "./sound-core.ts";

test("a sound package has no findings", () => {
	assert.equal(coreFindings(SOUND_CORE), []);
});

for (const [what, from, to, expected, at] of [
	[
		"an interface without a module",
		"/// @core-module house\n",
		"",
		"missing-core-module: interface `lamps` does not say which module guests import its functions from",
		"lamps",
	],
	[
		"a function without an import",
		"/// @core-import lamp_on\n",
		"",
		"missing-core-import: function `lamps.turn-on` does not say under which name guests import it",
		"turn-on",
	],
	[
		"an import of two functions",
		"@core-import lamp_name\n",
		"@core-import lamp_on\n",
		"repeated-core-import: function `lamps.name` is imported as `lamp_on`, and so is `lamps.turn-on`",
		"name",
	],
	[
		"an import of a command and of a function that is none",
		"/// @command 7\n",
		"/// Prose.\n",
		"repeated-core-import: function `lamps.set-plan` is imported as `lamp_ctl`, and so is `lamps.post`",
		"set-plan",
	],
	[
		"a command given twice",
		"@command 7",
		"@command 3",
		"repeated-command: functions `lamps.blink` and `lamps.post` are both command 3 of `lamp_ctl`",
		"post",
	],
	[
		"a command that waits",
		"/// @command 3\n",
		"/// @command 3\n    /// @blocking\n",
		"command-signature: command `lamps.blink` is `@blocking`",
		"blink",
	],
	[
		"a command without a descriptor",
		"blink: func(lamp: fd)",
		"blink: func(lamp: string)",
		"command-signature: command `lamps.blink` has no descriptor as its first parameter",
		"blink",
	],
	[
		"a command with two arguments",
		"post: func(lamp: fd, value: json-value)",
		"post: func(lamp: fd, value: json-value, more: json-value)",
		"command-signature: command `lamps.post` has more than one argument",
		"post",
	],
	[
		"a command with an argument and an answer in one place",
		"plan: plan) -> result<_, errno>",
		"plan: plan) -> result<plan, errno>",
		"command-signature: command `lamps.set-plan` takes an argument and returns JSON",
		"set-plan",
	],
	[
		"a command that returns bytes",
		"blink: func(lamp: fd) -> result<u32, errno>",
		"blink: func(lamp: fd) -> result<list<u8>, errno>",
		"command-signature: command `lamps.blink` returns what a command cannot",
		"blink",
	],
	[
		"an answer without a place",
		"describe: func(lamp: fd, text: out-buffer)",
		"describe: func(lamp: fd, text: u32)",
		"core-signature: function `lamps.describe` returns what needs one place in the guest's memory, and has 0",
		"describe",
	],
	[
		"a place without an answer",
		"send: func(lamp: fd, data: list<u8>)",
		"send: func(lamp: fd, data: out-buffer)",
		"core-signature: function `lamps.send` has a place for an answer, and returns nothing to put there",
		"send",
	],
	[
		"a failure of another type",
		"data: list<u8>) -> result<_, errno>",
		"data: list<u8>) -> result<_, string>",
		"core-signature: function `lamps.send` fails with something else than `errno`",
		"send",
	],
	["an asynchronous function", "dim: func(ms: s32)", "dim: async func(ms: s32)", "core-signature: function `lamps.dim` is `async`", "dim"],
	[
		"a parameter of eight bits",
		"dim: func(ms: s32)",
		"dim: func(ms: u8)",
		"core-type: parameter `ms` of `lamps.dim` has a type that does not cross to core modules",
		"u8",
	],
	[
		"a result that is no number",
		"count: func(factor: f64) -> s64",
		"count: func(factor: f64) -> string",
		"core-type: the result of `lamps.count` has a type that does not cross to core modules",
		"string",
	],
	[
		"an answer of 64 bits beside the errors",
		"name: func(lamp: fd, name: string) -> result<u32, errno>",
		"name: func(lamp: fd, name: string) -> result<u64, errno>",
		"core-type: the answer of `lamps.name` has a type that does not cross to core modules",
		"u64",
	],
	[
		"an answer of any JSON, which may be a number",
		"text: out-buffer) -> result<json-object, errno>",
		"text: out-buffer) -> result<json-value, errno>",
		"core-type: the answer of `lamps.describe` has a type that does not cross to core modules",
		"json-value",
	],
	[
		"a member of 64 bits in JSON",
		"seconds: u8",
		"seconds: u64",
		"core-type: member `lamps.step.seconds` has a type that JSON cannot hold",
		"u64",
	],
	[
		"a text in a packed record",
		"level: u16",
		"level: string",
		"core-type: member `lamps.event.level` of a packed record is no number",
		"level",
	],
	[
		"a gap in a packed record",
		"colour: colour,\n",
		"colour: u8,\n",
		"packed-gap: member `lamps.event.level` leaves a gap in a packed record",
		"level",
	],
	[
		"a gap at the end of a packed record",
		"        /// How.\n        kind: s16,\n",
		"",
		"packed-gap: member `lamps.event.level` leaves a gap in a packed record",
		"level",
	],
	["a case without a number", "/// @number 2\n", "/// Prose.\n", "missing-number: `lamps.colour.blue` has no number", "blue"],
	[
		"a number of two cases",
		"/// @number 2\n",
		"/// @number 1\n",
		"repeated-number: `lamps.colour.blue` has the number 1, and shares it with `red`",
		"blue",
	],
	[
		"a bit of two flags",
		"/// @number 4\n",
		"/// @number 3\n",
		"repeated-number: `lamps.parts.bulb` has the number 3, and shares it with `shade`",
		"bulb",
	],
	[
		"an error with the number of success",
		"/// @number 5\n",
		"/// @number 0\n",
		"repeated-number: `types.errno.eio` has the number 0, which stands for success",
		"eio",
	],
	[
		"a number beyond 32 bits",
		"/// @number 2\n",
		"/// @number 2147483648\n",
		"malformed-doc-tag: `@number 2147483648` is above 2147483647",
		"@number 2147483648",
	],
	[
		"a number on a record",
		"    /// A plan.\n",
		"    /// A plan.\n    /// @number 1\n",
		"misplaced-doc-tag: `@number` stands on record `lamps.plan`, where it means nothing",
		"@number 1",
	],
	[
		"a command without a number",
		"/// @command 3\n",
		"/// @command three\n",
		"malformed-doc-tag: `@command` of function `lamps.blink` has the value `three`",
		"@command three",
	],
	[
		"an import in another spelling",
		"@core-import lamp_on\n",
		"@core-import lamp-on\n",
		"malformed-doc-tag: `@core-import` of function `lamps.turn-on` has the value `lamp-on`",
		"@core-import lamp-on",
	],
	[
		"a tag twice",
		"/// @core-import lamp_on\n",
		"/// @core-import lamp_on\n    /// @core-import lamp_off\n",
		"repeated-doc-tag: function `lamps.turn-on` is tagged `@core-import` twice",
		"@core-import lamp_off",
	],
	[
		"a tag of the other profile",
		"    /// A plan.\n",
		"    /// A plan.\n    /// @payload\n",
		"unknown-doc-tag: `@payload` is not a doc tag that codegen knows",
		"@payload",
	],
	[
		"an error that does not exist",
		"@invalid eio",
		"@invalid enoent",
		"unknown-errno: `@invalid enoent` names no case of `errno`",
		"@invalid enoent",
	],
	[
		"an error for an argument of a command that takes none",
		"/// @command 3\n",
		"/// @command 3\n    /// @invalid eio\n",
		"misfit-doc-tag: `@invalid` stands on function `lamps.blink`, which is no command with an argument",
		"@invalid eio",
	],
	[
		"an answer taken off a queue without a place for it",
		"/// @core-import lamp_send\n",
		"/// @core-import lamp_send\n    /// @takes\n",
		"misfit-doc-tag: `@takes` stands on function `lamps.send`, which has no place for an answer",
		"@takes",
	],
	[
		"a limit of bytes without bytes",
		"/// @core-import lamp_on\n",
		"/// @core-import lamp_on\n    /// @max-bytes 4\n",
		"misfit-doc-tag: `@max-bytes` stands on function `lamps.turn-on`, which takes neither text nor bytes",
		"@max-bytes 4",
	],
	[
		"null for a member that is never absent",
		"        /// Seconds.\n",
		"        /// Seconds.\n        /// @nullable\n",
		"misfit-doc-tag: `@nullable` stands on field `lamps.step.seconds`, which is never absent",
		"@nullable",
	],
	[
		"a place of an answer that is no address",
		"type out-buffer = u32;",
		"type out-buffer = u64;",
		"misfit-doc-tag: `@out-buffer` stands on alias `types.out-buffer`, which is not an alias of `u32`",
		"@out-buffer",
	],
	[
		"the argument first, without commands",
		"/// Shared.\n",
		"/// Shared.\n///\n/// @argument-first\n",
		"misfit-doc-tag: `@argument-first` stands on interface `types`, which has no `@command`",
		"@argument-first",
	],
	[
		"an error that bindings answer with",
		"        /// Outside.\n        ///\n        /// @number 14\n        efault,\n",
		"",
		"missing-errno: enum `errno` has no `efault`",
		"errno",
	],
	[
		"a variant",
		"    /// A step.\n",
		"    /// A choice.\n    @since(version = 0.1.0)\n    variant choice {\n        /// This.\n        this,\n    }\n    /// A step.\n",
		"core-type: variant `lamps.choice` does not cross to core modules",
		"choice",
	],
	[
		"an item without documentation",
		"        /// Red.\n        ///\n",
		"        ///\n",
		"undocumented: case `lamps.colour.red` has no doc comment",
		"red",
	],
] as const) {
	test(`${what} is a fault at its place, and the only one`, () => {
		assert.equal(coreFindings(spoiltCore(from, to)), [[expected, at]]);
	});
}

test("the profile of core modules is one of those that a package can ask for", () => {
	const { model } = readWitText(spoiltCore("@command 7", "@command 3"));
	assert.equal(model === undefined ? [] : lintProfiles["spear-core"](model).map(({ code }) => code), ["repeated-command"]);
});

test("a package without an enum of errors is a fault", () => {
	const [first] = coreFindings("package a:b@0.1.0;\n/// I.\n@since(version = 0.1.0)\ninterface i {}\n");
	assert.equal(first, ["missing-errno: the package has no enum `errno`", "i"]);
});

test.run();
