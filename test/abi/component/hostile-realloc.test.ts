import { test } from "uvu";
import * as assert from "uvu/assert";
import { endsWith, type GuestText, runBeside } from "../../helpers/hostile-guest.ts";

const realloc = (body: string, more = ""): string =>
	`${more} (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${body})`;

/** The first call is for the input of run, of one byte. */
const later = (body: string): string =>
	realloc(
		`(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
		(if (i32.eq (global.get $calls) (i32.const 1)) (then (return (i32.const 1024)))) ${body}`,
		"(global $calls (mut i32) (i32.const 0))",
	);

const GREET = { calls: ["greeting"], run: "(call $greeting (i32.const 64))" };

const CASES: readonly (readonly [name: string, text: GuestText, message: string | RegExp, kind?: string])[] = [
	[
		"realloc returns an address outside the memory",
		{ ...GREET, realloc: later("(i32.const 196600)") },
		"test:host/api.greeting: realloc returned address 196600 for 12 bytes, outside the memory",
	],
	[
		"realloc returns the end of the address space",
		{ ...GREET, realloc: later("(i32.const -1)") },
		"test:host/api.greeting: realloc returned address 4294967295 for 12 bytes, outside the memory",
	],
	[
		"realloc returns an odd address for a list of strings",
		{ calls: ["names"], run: "(call $names (i32.const 64))", realloc: later("(i32.const 1026)") },
		"test:host/api.names: realloc returned address 1026, which is not a multiple of 4",
	],
	[
		"realloc returns a misaligned address for a list of numbers",
		{ calls: ["numbers"], run: "(call $numbers (i32.const 64))", realloc: later("(i32.const 1028)") },
		"test:host/api.numbers: realloc returned address 1028, which is not a multiple of 8",
	],
	[
		"realloc is asked for more than the memory can grow to",
		{ calls: ["page"], run: "(call $page (i32.const 300000000) (i32.const 64))" },
		"test:host/api.page: realloc returned address 131080 for 300000000 bytes, outside the memory",
	],
	[
		"realloc returns the end of the address space for an empty list",
		{ calls: ["page"], run: "(call $page (i32.const 0) (i32.const 64))", realloc: later("(i32.const -1)") },
		"test:host/api.page: realloc returned address 4294967295 for 0 bytes, outside the memory",
	],
	["realloc traps", { ...GREET, realloc: later("unreachable") }, /unreachable/],
	["realloc traps for the input of run", { run: "", realloc: realloc("unreachable") }, /unreachable/],
	["realloc divides by zero", { ...GREET, realloc: later("(i32.div_u (i32.const 1) (i32.const 0))") }, /divide by zero/],
	[
		"realloc calls the host",
		{ calls: ["greeting", "fails", "truth"], run: GREET.run, realloc: later("(drop (call $truth (i32.const 1))) (i32.const 2048)") },
		"test:host/api.truth: the guest called its host inside realloc, post-return or a destructor, where it must not",
	],
	[
		"realloc calls a function that waits",
		{ calls: ["greeting", "wait"], run: GREET.run, realloc: later("(call $wait)") },
		"test:host/api.wait: the guest called its host inside realloc, post-return or a destructor, where it must not",
	],
	[
		"realloc waits for the input of run",
		{ calls: ["wait"], run: "", realloc: realloc("(call $wait)") },
		"test:host/api.wait: the guest called its host inside realloc, post-return or a destructor, where it must not",
	],
	[
		"realloc drops a handle",
		{
			calls: ["greeting", "make", "[resource-drop]door"],
			run: `(drop (call $make)) ${GREET.run}`,
			realloc: later("(call $_resource-drop_door (i32.const 1)) (i32.const 2048)"),
		},
		"the guest dropped a handle inside realloc, post-return or a destructor, where it must not",
	],
	[
		"realloc loops for ever",
		{ ...GREET, realloc: later("(loop $ever (br $ever)) (i32.const 2048)") },
		/computed for more than 15 ms where it cannot be suspended/,
		"cpu-budget",
	],
	[
		"realloc loops for ever for the input of run",
		{ run: "", realloc: realloc("(loop $ever (br $ever)) (i32.const 2048)") },
		/computed for more than 15 ms where it cannot be suspended/,
		"cpu-budget",
	],
	[
		"realloc recurses",
		{ ...GREET, realloc: later("(call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1))") },
		/too deeply|stack/,
		"stack-overflow",
	],
	[
		"realloc throws an exception that the caller catches",
		{
			calls: ["greeting"],
			fields: "(tag $t)",
			run: `(block $caught (try_table (catch_all $caught) ${GREET.run})) (loop $ever (br $ever))`,
			realloc: later("(throw $t)"),
		},
		"test:host/api.greeting: an exception of the guest left realloc",
	],
];

for (const [name, text, message, kind] of CASES) test(`a guest ends when ${name}`, async () => void (await endsWith(text, message, kind)));

test("a realloc that returns 0, or the same block each time, harms only its own guest", async () => {
	for (const body of ["(i32.const 0)", "(i32.const 2048)"]) {
		const { outcome } = await runBeside({
			calls: ["names"],
			run: "(call $names (i32.const 64)) (i32.store (i32.const 16) (i32.const 0x6b6f))",
			realloc: realloc(body),
		});
		assert.equal(outcome, { ok: "ok" });
	}
});

test("a realloc that grows the memory in each call keeps every value whole", async () => {
	const { outcome, host } = await runBeside({
		calls: ["names", "texts"],
		run: "(call $names (i32.const 64)) (call $texts (i32.load (i32.const 64)) (i32.load (i32.const 68)))",
		realloc: realloc("(i32.mul (memory.grow (i32.const 1)) (i32.const 65536))"),
	});
	assert.equal(outcome, { ok: "ok" });
	assert.equal(host.received, [["names"], ["texts", ["one", "two", "three"]]]);
});

test.run();
