import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import type { ComponentInstance, ComponentOutcome } from "../../../src/abi/component/run-outcome.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { assemble, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { abiError, scriptedHost, type Turn } from "../../helpers/guest-host.ts";
import { bareUnrulyGuest } from "../../helpers/unruly-guest.ts";

const component = await loadComponent((await bareUnrulyGuest()).prepared, { maxMemoryBytes: 32 * 1024 * 1024 });

async function instantiate(turns: readonly Turn[] = []): Promise<ComponentInstance> {
	return component.instantiate(scriptedHost(turns).imports);
}

function trapOf(outcome: ComponentOutcome) {
	if ("trap" in outcome) return outcome.trap;
	throw new Error(`no trap: ${JSON.stringify(outcome)}`);
}

async function refusal(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof SpearError) return error;
		throw error;
	}
	throw new Error("it was not refused");
}

test("instances keep their own state, and keep it between runs", async () => {
	const [one, other] = [await instantiate(), await instantiate()];
	assert.equal(await one.run("count"), { ok: "1" });
	assert.equal(await one.run("count"), { ok: "2" });
	assert.equal(await other.run("count"), { ok: "1" });
});

test("an answer outside the guest's memory is a trap of the guest's", async () => {
	for (const [run, message] of [
		["(i32.const 99999999)", "the guest trapped: run: address 99999999 is not a multiple of 4"],
		["(i32.const 99999996)", "the guest trapped: run: address 99999996 with 132 bytes is outside the memory of 65536 bytes"],
		[
			"(i32.store (i32.const 4) (i32.const 16)) (i32.store (i32.const 8) (i32.const 0x7fffffff)) (i32.const 0)",
			"the guest trapped: run: a string has 2147483647 bytes, more than the ABI allows",
		],
	] as const) {
		const broken = await loadComponent(await assemble(plainComponent(run)));
		const trap = trapOf(await (await broken.instantiate({})).run("x"));
		assert.match(trap.message, message);
	}
});

test("what every JavaScript object has is nothing the host offers", async () => {
	for (const name of ["constructor", "to-string", "value-of"]) {
		const component = `(component (import "spear:ai/log@0.1.0" (instance (export "${name}" (func)))) ${plainComponent("(call $answer)").slice("(component".length)}`;
		const error = await refusal(assemble(component).then((bytes) => loadComponent(bytes)));
		assert.match(error.message, `it imports what this host does not offer: spear:ai/log@0.1.0: ${name}`);
	}
});

test("an error the guest reports leaves the instance usable", async () => {
	const instance = await instantiate();
	assert.equal(await instance.run("failed"), { err: { tag: "failed", val: "no luck" } });
	assert.equal(await instance.run("count"), { ok: "2" });
});

test("a guest that panics is a trap with its last words, and the instance refuses to go on", async () => {
	const lines: string[] = [];
	const instance = await component.instantiate(scriptedHost([]).imports, { stderr: (line) => lines.push(line) });
	const trap = trapOf(await instance.run("error"));
	assert.is(trap.kind, "trap");
	assert.match(trap.message, /^the guest trapped: unreachable in function \d+ \(offset 0x[0-9a-f]+\), called by function \d+/);
	assert.match(trap.stderr, "broken guest");
	assert.match(lines.join("\n"), "broken guest");
	assert.is(instance.usable, false);
	const error = await refusal(instance.run("count"));
	assert.is(error.code, "invalid_request");
	assert.match(error.message, /cannot run any more: the guest trapped: unreachable in .*; instantiate the guest again$/);
});

test("an answer that is not text is a trap", async () => {
	assert.is(trapOf(await (await instantiate()).run("wrong type")).kind, "trap");
});

test("endless recursion is a stack overflow", async () => {
	const instance = await instantiate();
	assert.is(trapOf(await instance.run("recursion")).kind, "stack-overflow");
	assert.is(instance.usable, false);
});

test("a guest that uses up its memory traps, or catches it, and the host stays whole", async () => {
	assert.match(trapOf(await (await instantiate()).run("memory")).stderr, "out of memory");
	assert.equal(await (await instantiate()).run("caught memory"), { ok: "out of memory after true" });
	assert.equal(await (await instantiate()).run("count"), { ok: "1" });
});

test("a WebAssembly trap below the engine is told apart", async () => {
	const divides = await loadComponent(await assemble(plainComponent("(i32.div_u (i32.const 1) (i32.const 0))")), {
		cacheDirectory: scratch(),
	});
	const trap = trapOf(await (await divides.instantiate({})).run(""));
	assert.is(trap.kind, "trap");
	assert.match(trap.message, /divide by zero/);
});

test("a run waits for hostcalls without blocking the event loop", async () => {
	const instance = await instantiate([{ text: "late" }]);
	const running = instance.run("send");
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal(await running, { ok: "late" });
});

test("a second run at the same time is refused", async () => {
	const instance = await instantiate([{ text: "first" }]);
	const first = instance.run("send");
	const error = await refusal(instance.run("count"));
	assert.match(error.message, "is running already; await that run");
	assert.equal(await first, { ok: "first" });
	assert.equal(await instance.run("count"), { ok: "2" });
});

test("a host function that throws takes only its instance with it, and is named as the cause", async () => {
	const host = scriptedHost([]);
	const fault = new Error("host bug");
	const { Session: Scripted, ...rest } = host.imports["spear:ai/cchat"] ?? {};
	if (typeof Scripted !== "function") throw new Error("the scripted host has no sessions");
	const open = () => {
		throw fault;
	};
	const Session = Object.defineProperty(Scripted, "open", { value: open });
	const instance = await component.instantiate({ ...host.imports, "spear:ai/cchat": { ...rest, Session } });
	const trap = trapOf(await instance.run("send"));
	assert.is(trap.kind, "host-fault");
	assert.is(trap.cause, fault);
	assert.is(instance.usable, false);
});

test("a closed instance refuses to run", async () => {
	const instance = await instantiate();
	instance.close();
	assert.match((await refusal(instance.run("count"))).message, "cannot run any more: it was closed");
});

test("a run aborted before its start is refused and costs nothing", async () => {
	const instance = await instantiate();
	const error = await refusal(instance.run("count", { signal: AbortSignal.abort() }));
	assert.is(error.code, "cancelled");
	assert.equal(await instance.run("count"), { ok: "1" });
});

test("an aborted run ends as the guest ends it when its hostcall answers", async () => {
	const controller = new AbortController();
	const instance = await instantiate([{ error: abiError("cancelled", "aborted") }]);
	const running = instance.run("send", { signal: controller.signal });
	controller.abort();
	assert.is(trapOf(await running).kind, "trap");
});

test("what the component wants and the host lacks is listed, down to the function", async () => {
	const host = scriptedHost([]);
	const { EventStream: _, ...cchat } = host.imports["spear:ai/cchat"] ?? {};
	const error = await refusal(component.instantiate({ "spear:ai/cchat": cchat, "spear:ai/poll": {} }));
	assert.match(error.message, "it imports what this host does not offer");
	for (const name of ["spear:ai/cchat@0.1.0: [method]event-stream.next", "spear:ai/poll@0.1.0: poll", "spear:ai/log@0.1.0"]) {
		assert.match(error.message, name);
	}
});

test.run();
