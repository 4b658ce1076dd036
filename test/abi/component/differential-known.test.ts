import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import { componentOfCore } from "../../helpers/component-of-core.ts";
import { scratch } from "../../helpers/guest.ts";
import { type GuestText, guestCore, HOSTILE_WIT, hostileHost, loadHostile } from "../../helpers/hostile-guest.ts";

/** Runs a guest on both engines. Returns the message of the trap or `ok`, and what the host received. */
async function both(text: GuestText): Promise<{ readonly direct: string; readonly jco: string; readonly received: unknown[] }> {
	const component = await componentOfCore(guestCore(text), HOSTILE_WIT, "w");
	const waits = (text.calls ?? []).filter((name) => name === "wait").map((name) => `test:host/api@1.0.0#${name}`);
	const options = { engine: "jco", cacheDirectory: join(scratch(), "jco"), asyncImports: waits } as const;
	const ends: string[] = [];
	let received: unknown[] = [];
	for (const loaded of [await loadHostile(component), await loadComponent(component, options)]) {
		const host = hostileHost();
		host.release();
		const outcome = await (await loaded.instantiate(host.imports)).run("x");
		ends.push("trap" in outcome ? outcome.trap.message : "ok");
		received = host.received;
	}
	const [direct = "", jco = ""] = ends;
	return { direct, jco, received };
}

test("a handle that was never given traps, and jco passes some object on", async () => {
	const { direct, jco } = await both({ calls: ["lend"], run: "(call $lend (i32.const 7))" });
	assert.match(direct, "there is no handle 7");
	assert.is(jco, "ok");
});

test("a misaligned place of a result traps, and jco writes there", async () => {
	const { direct, jco } = await both({ calls: ["pair"], run: "(call $pair (i32.const 65))" });
	assert.match(direct, "address 65 is not a multiple of 8");
	assert.is(jco, "ok");
});

test("bytes that are not UTF-8 trap, and jco passes U+FFFD", async () => {
	const { direct, jco, received } = await both({
		calls: ["text"],
		run: "(i32.store8 (i32.const 64) (i32.const 0xff)) (call $text (i32.const 64) (i32.const 1))",
	});
	assert.match(direct, "is not UTF-8");
	assert.is(jco, "ok");
	assert.equal(received, [["text", "\ufffd"]]);
});

test("a leading U+FEFF is a character, and jco drops it", async () => {
	const { direct, jco, received } = await both({
		calls: ["text"],
		run: "(i32.store (i32.const 64) (i32.const 0x61bfbbef)) (call $text (i32.const 64) (i32.const 4))",
	});
	assert.is(direct, "ok");
	assert.is(jco, "ok");
	assert.equal(received, [["text", "a"]]);
});

test("a call of the host inside realloc traps, and jco lets it pass", async () => {
	const { direct, jco } = await both({
		calls: ["truth"],
		run: "",
		realloc: '(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (drop (call $truth (i32.const 1))) (i32.const 2048))',
	});
	assert.match(direct, "called its host inside realloc");
	assert.is(jco, "ok");
});

test.run();
