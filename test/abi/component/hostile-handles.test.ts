import { test } from "uvu";
import * as assert from "uvu/assert";
import { endsWith, type GuestText, runBeside } from "../../helpers/hostile-guest.ts";

const DROP = "[resource-drop]door";
const DROP_WINDOW = "[resource-drop]window";

/** Guests that pass a handle they must not pass, and the message of their end. */
const CASES: readonly (readonly [name: string, text: GuestText, message: string])[] = [
	["a made-up handle is lent", { calls: ["lend"], run: "(call $lend (i32.const 7))" }, "test:host/api.lend: there is no handle 7"],
	["handle 0 is lent", { calls: ["lend"], run: "(call $lend (i32.const 0))" }, "test:host/api.lend: there is no handle 0"],
	["handle 2^32-1 is lent", { calls: ["lend"], run: "(call $lend (i32.const -1))" }, "test:host/api.lend: there is no handle 4294967295"],
	["a made-up handle is given away", { calls: ["give"], run: "(call $give (i32.const 3))" }, "test:host/api.give: there is no handle 3"],
	[
		"a handle is given away twice",
		{ calls: ["make", "give"], run: "(local.set $a (call $make)) (call $give (local.get $a)) (call $give (local.get $a))" },
		"test:host/api.give: there is no handle 1",
	],
	[
		"a dropped handle is lent",
		{
			calls: ["make", "lend", DROP],
			run: "(local.set $a (call $make)) (call $_resource-drop_door (local.get $a)) (call $lend (local.get $a))",
		},
		"test:host/api.lend: there is no handle 1",
	],
	[
		"a handle is dropped twice",
		{
			calls: ["make", DROP],
			run: "(local.set $a (call $make)) (call $_resource-drop_door (local.get $a)) (call $_resource-drop_door (local.get $a))",
		},
		"there is no handle 1",
	],
	["a made-up handle is dropped", { calls: [DROP], run: "(call $_resource-drop_door (i32.const 9))" }, "there is no handle 9"],
	[
		"a handle is dropped as one of another type",
		{ calls: ["make", DROP_WINDOW], run: "(call $_resource-drop_window (call $make))" },
		"handle 1 is a `door`, and a `window` is expected",
	],
	[
		"a handle of another type is lent",
		{ calls: ["make-window", "lend"], run: "(call $lend (call $make-window))" },
		"test:host/api.lend: handle 1 is a `window`, and a `door` is expected",
	],
	[
		"a handle of another type is given away",
		{ calls: ["make-window", "give"], run: "(call $give (call $make-window))" },
		"test:host/api.give: handle 1 is a `window`, and a `door` is expected",
	],
	[
		"a method is called on a handle of another type",
		{ calls: ["make-window", "[method]door.knock"], run: "(drop (call $_method_door.knock (call $make-window)))" },
		"test:host/api.door.knock: handle 1 is a `window`, and a `door` is expected",
	],
	[
		"one call is lent a handle and is given the same handle",
		{ calls: ["make", "trade"], run: "(local.set $a (call $make)) (call $trade (local.get $a) (local.get $a))" },
		"test:host/api.trade: handle 1 is lent to the running call and cannot be given away or dropped",
	],
	[
		"one call is given a handle and is lent the same handle",
		{ calls: ["make", "trade-late"], run: "(local.set $a (call $make)) (call $trade-late (local.get $a) (local.get $a))" },
		"test:host/api.trade-late: there is no handle 1",
	],
	[
		"a list gives the same handle away twice",
		{
			calls: ["make", "give-all"],
			run: "(i32.store (i32.const 64) (call $make)) (i32.store (i32.const 68) (i32.const 1)) (call $give-all (i32.const 64) (i32.const 2))",
		},
		"test:host/api.give-all: there is no handle 1",
	],
	[
		"a list has a made-up handle at its end",
		{
			calls: ["make", "lend-all"],
			run: "(i32.store (i32.const 64) (call $make)) (i32.store (i32.const 68) (i32.const 8)) (call $lend-all (i32.const 64) (i32.const 2))",
		},
		"test:host/api.lend-all: there is no handle 8",
	],
	[
		"an option has a made-up handle",
		{ calls: ["maybe-give"], run: "(call $maybe-give (i32.const 1) (i32.const 5))" },
		"test:host/api.maybe-give: there is no handle 5",
	],
	[
		"a list claims 60 million handles",
		{ calls: ["lend-all"], memory: '(memory (export "memory") 3663)', run: "(call $lend-all (i32.const 0) (i32.const 60000000))" },
		"test:host/api.lend-all: the arguments have more than 100000 list elements, the limit of one hostcall",
	],
	[
		"a guest opens a million handles",
		{
			calls: ["make"],
			run: "(loop $more (drop (call $make)) (br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000000))))",
		},
		"test:host/api.make: the guest holds more than 10000 handles; drop those that are no longer used",
	],
];

for (const [name, text, message] of CASES) test(`a guest ends when ${name}`, async () => void (await endsWith(text, message)));

test("indices of dropped handles are used again, and the table stays small", async () => {
	const { outcome, host } = await runBeside({
		calls: ["make", "give", DROP],
		run: `(loop $more
			(call $_resource-drop_door (call $make))
			(call $give (local.tee $a (call $make)))
			(if (i32.gt_u (local.get $a) (i32.const 1)) (then unreachable))
			(br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20000))))`,
	});
	assert.equal(outcome, { ok: "ok" });
	assert.is(host.received.length, 60_000);
});

test("a handle that was lent once can be given away later, and each handle has its own object", async () => {
	const { outcome, host } = await runBeside({
		calls: ["make", "lend", "trade", "give"],
		run: `(local.set $a (call $make)) (local.set $b (call $make))
			(call $lend (local.get $a)) (call $trade (local.get $a) (local.get $b)) (call $give (local.get $a))`,
	});
	assert.equal(outcome, { ok: "ok" });
	const [, , [, lent] = [], [, first, second] = [], [, given] = []] = host.received;
	assert.is(lent, first);
	assert.is(lent, given);
	assert.is.not(first, second);
});

test("a guest that answers while handles are open can run again, and is closed with them", async () => {
	const { outcome } = await runBeside({ calls: ["make"], run: "(drop (call $make)) (drop (call $make))" });
	assert.equal(outcome, { ok: "ok" });
});

test.run();
