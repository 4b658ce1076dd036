import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { endsWith, type GuestText, runBeside } from "../../helpers/hostile-guest.ts";

const PAGES_OF_60_MB = 917;

const CASES: readonly (readonly [name: string, text: GuestText, message: string])[] = [
	[
		"a string begins at the last byte of the address space",
		{ calls: ["text"], run: "(call $text (i32.const -1) (i32.const 1))" },
		"test:host/api.text: address 4294967295 with 1 bytes is outside the memory of 196608 bytes",
	],
	[
		"a string's address and length wrap around",
		{ calls: ["text"], run: "(call $text (i32.const -16) (i32.const 32))" },
		"test:host/api.text: address 4294967280 with 32 bytes is outside the memory of 196608 bytes",
	],
	[
		"a string ends one byte behind the memory",
		{ calls: ["text"], run: "(call $text (i32.const 196607) (i32.const 2))" },
		"test:host/api.text: address 196607 with 2 bytes is outside the memory of 196608 bytes",
	],
	[
		"an empty string is outside the memory",
		{ calls: ["text"], run: "(call $text (i32.const 196609) (i32.const 0))" },
		"test:host/api.text: address 196609 with 0 bytes is outside the memory of 196608 bytes",
	],
	[
		"a string claims 2^32-1 bytes",
		{ calls: ["text"], run: "(call $text (i32.const 0) (i32.const -1))" },
		"test:host/api.text: a string has 4294967295 bytes, more than the ABI allows",
	],
	[
		"bytes claim 2^32-1 bytes",
		{ calls: ["bytes"], run: "(call $bytes (i32.const 0) (i32.const -1))" },
		"test:host/api.bytes: a list has 4294967295 bytes, more than the ABI allows",
	],
	[
		"bytes claim the whole memory, which is more than one hostcall may pass",
		{ calls: ["bytes"], memory: '(memory (export "memory") 1100)', run: "(call $bytes (i32.const 0) (i32.const 67108865))" },
		"test:host/api.bytes: the arguments have more than 25165824 bytes, the limit of one hostcall",
	],
	[
		"the length of a list times the size of an element overflows 32 bits to a small number",
		{ calls: ["longs"], run: "(call $longs (i32.const 0) (i32.const 0x20000001))" },
		"test:host/api.longs: a list has 4294967304 bytes, more than the ABI allows",
	],
	[
		"the size of a list of records overflows 32 bits",
		{ calls: ["texts"], run: "(call $texts (i32.const 0) (i32.const 0x20000000))" },
		"test:host/api.texts: the arguments have more than 100000 list elements, the limit of one hostcall",
	],
	[
		"a list of 16-bit numbers is at an odd address",
		{ calls: ["halves"], run: "(call $halves (i32.const 257) (i32.const 1))" },
		"test:host/api.halves: address 257 is not a multiple of 2",
	],
	[
		"an empty list of 64-bit numbers is misaligned",
		{ calls: ["longs"], run: "(call $longs (i32.const 260) (i32.const 0))" },
		"test:host/api.longs: address 260 is not a multiple of 8",
	],
	[
		"a list of strings is misaligned",
		{ calls: ["texts"], run: "(call $texts (i32.const 258) (i32.const 1))" },
		"test:host/api.texts: address 258 is not a multiple of 4",
	],
	[
		"a list of numbers ends behind the memory",
		{ calls: ["longs"], run: "(call $longs (i32.const 196600) (i32.const 2))" },
		"test:host/api.longs: address 196600 with 16 bytes is outside the memory of 196608 bytes",
	],
	[
		"a string in a list is outside the memory",
		{
			calls: ["texts"],
			run: "(i32.store (i32.const 256) (i32.const -8)) (i32.store (i32.const 260) (i32.const 4)) (call $texts (i32.const 256) (i32.const 1))",
		},
		"test:host/api.texts: address 4294967288 with 4 bytes is outside the memory of 196608 bytes",
	],
	[
		"arguments in memory are misaligned",
		{ calls: ["hundred-texts"], run: "(call $hundred-texts (i32.const 258))" },
		"test:host/api.hundred-texts: address 258 is not a multiple of 4",
	],
	[
		"arguments in memory end behind the memory",
		{ calls: ["hundred-texts"], run: "(call $hundred-texts (i32.const 195812))" },
		"test:host/api.hundred-texts: address 195812 with 800 bytes is outside the memory of 196608 bytes",
	],
	[
		"arguments in memory begin at the end of the address space",
		{ calls: ["hundred-texts"], run: "(call $hundred-texts (i32.const -4))" },
		"test:host/api.hundred-texts: address 4294967292 with 800 bytes is outside the memory of 196608 bytes",
	],
	[
		"the place of a result is misaligned",
		{ calls: ["pair"], run: "(call $pair (i32.const 260))" },
		"test:host/api.pair: address 260 is not a multiple of 8",
	],
	[
		"the place of a result is outside the memory",
		{ calls: ["greeting"], run: "(call $greeting (i32.const 196604))" },
		"test:host/api.greeting: address 196604 with 8 bytes is outside the memory of 196608 bytes",
	],
	[
		"the place of a result is at the end of the address space",
		{ calls: ["names"], run: "(call $names (i32.const -4))" },
		"test:host/api.names: address 4294967292 with 8 bytes is outside the memory of 196608 bytes",
	],
	[
		"a hundred thousand strings point to the same kilobyte",
		{
			calls: ["texts"],
			memory: '(memory (export "memory") 200)',
			run: `(loop $more
				(i32.store offset=1028 (i32.shl (local.get $n) (i32.const 3)) (i32.const 1024))
				(br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))
				(call $texts (i32.const 1024) (i32.const 100000))`,
		},
		"test:host/api.texts: the arguments have more than 25165824 bytes, the limit of one hostcall",
	],
	[
		"a thousand records share one list of two thousand strings",
		{
			calls: ["steps"],
			run: `(loop $more
				(i32.store offset=1032 (i32.shl (local.get $n) (i32.const 4)) (i32.const 65536))
				(i32.store offset=1036 (i32.shl (local.get $n) (i32.const 4)) (i32.const 2000))
				(br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
				(call $steps (i32.const 1024) (i32.const 1000))`,
		},
		"test:host/api.steps: the arguments have more than 100000 list elements, the limit of one hostcall",
	],
	["the answer of run is misaligned", { run: "(return (i32.const 33))" }, "run: address 33 is not a multiple of 4"],
	[
		"the answer of run is outside the memory",
		{ run: "(return (i32.const 196600))" },
		"run: address 196600 with 16 bytes is outside the memory of 196608 bytes",
	],
	["the answer of run is at the end of the address space", { run: "(return (i32.const -4))" }, "run: address 4294967292 with 16 bytes"],
	[
		"the answer of run is neither ok nor an error",
		{ run: "(i32.store8 (i32.const 64) (i32.const 2)) (return (i32.const 64))" },
		"run: 2 stands for none of 2 cases",
	],
	[
		"the answer of run is a string outside the memory",
		{ run: "(i32.store (i32.const 68) (i32.const 196607)) (i32.store (i32.const 72) (i32.const 2)) (return (i32.const 64))" },
		"run: address 196607 with 2 bytes is outside the memory of 196608 bytes",
	],
	[
		"the answer of run is 128 MB",
		{
			memory: '(memory (export "memory") 2049)',
			run: "(i32.store (i32.const 72) (i32.const 134217728)) (return (i32.const 64))",
		},
		"run: the arguments have more than 25165824 bytes, the limit of one hostcall",
	],
];

for (const [name, text, message] of CASES) test(`a guest ends when ${name}`, async () => void (await endsWith(text, message)));

test("a hundred fields that share one string of 60 MB are refused before the host holds them", async () => {
	const fields = `(loop $more
		(i32.store (i32.add (i32.const 1024) (i32.shl (local.get $n) (i32.const 3))) (i32.const 4096))
		(i32.store offset=4 (i32.add (i32.const 1024) (i32.shl (local.get $n) (i32.const 3))) (i32.const 60000000))
		(br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100))))`;
	const memory = `(memory (export "memory") ${PAGES_OF_60_MB})`;
	const before = process.memoryUsage().rss;
	await endsWith(
		{ calls: ["hundred-texts"], memory, run: `${fields} (call $hundred-texts (i32.const 1024))` },
		"test:host/api.hundred-texts: the arguments have more than 25165824 bytes, the limit of one hostcall",
	);
	const grown = process.memoryUsage().rss - before;
	// The guest's own memory, and one copy of the string at most.
	assert.ok(grown < 250_000_000, `the process has grown by ${grown} bytes`);
});

test("a memory that grows between calls, and during a call, is read and written whole", async () => {
	const { outcome, host } = await runBeside({
		calls: ["bytes", "page"],
		run: `(call $page (i32.const 300000) (i32.const 64))
			(if (i32.ne (i32.load (i32.const 68)) (i32.const 300000)) (then unreachable))
			(i32.store8 (i32.add (i32.load (i32.const 64)) (i32.const 299999)) (i32.const 9))
			(call $bytes (i32.add (i32.load (i32.const 64)) (i32.const 299990)) (i32.const 10))
			(drop (memory.grow (i32.const 1)))
			(call $bytes (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 2)) (i32.const 2))`,
	});
	assert.equal(outcome, { ok: "ok" });
	assert.equal(host.received.slice(1), [
		["bytes", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 9)],
		["bytes", Uint8Array.of(0, 0)],
	]);
});

test("bytes that the host received stay as they were when the guest changes its memory", async () => {
	const { outcome, host } = await runBeside({
		calls: ["bytes"],
		run: "(i32.store8 (i32.const 64) (i32.const 5)) (call $bytes (i32.const 64) (i32.const 1)) (i32.store8 (i32.const 64) (i32.const 6))",
	});
	assert.equal(outcome, { ok: "ok" });
	assert.equal(host.received, [["bytes", Uint8Array.of(5)]]);
});

test.run();
