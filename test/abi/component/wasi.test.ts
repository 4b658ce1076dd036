import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import { LineBuffer } from "../../../src/abi/output/line-buffer.ts";
import { assemble } from "../../helpers/guest.ts";
import { EXITS, WAITS, WANTS_HTTP } from "../../helpers/guest-components.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** How often the event loop came round while `work` was going on. */
async function turns<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
	let count = 0;
	const timer = setInterval(() => {
		count += 1;
	}, 5);
	try {
		return { result: await work(), turns: count };
	} finally {
		clearInterval(timer);
	}
}

test("a guest waiting for a clock does not block the event loop", async () => {
	const instance = await (await loadComponent(await assemble(WAITS))).instantiate({});
	const start = performance.now();
	const waited = await turns(() => instance.run("go"));
	assert.equal(waited.result, { ok: "ok" });
	assert.ok(performance.now() - start >= 100);
	// Not one turn would come about if the wait blocked the thread; how many do depends on the machine.
	assert.ok(waited.turns >= 1, `${waited.turns} turns`);
});

test("many guests wait at the same time", async () => {
	const component = await loadComponent(await assemble(WAITS));
	const instances = await Promise.all(Array.from({ length: 20 }, () => component.instantiate({})));
	const start = performance.now();
	const outcomes = await Promise.all(instances.map((instance) => instance.run("go")));
	assert.equal(new Set(outcomes.map((outcome) => JSON.stringify(outcome))), new Set(['{"ok":"ok"}']));
	assert.ok(performance.now() - start < 2000, "they waited one after the other");
});

test("exit ends the run: as an empty answer, or as a failure with the status", async () => {
	const component = await loadComponent(await assemble(EXITS));
	const good = await component.instantiate({});
	assert.equal(await good.run("ok"), { ok: "" });
	assert.is(good.usable, false);
	const bad = await component.instantiate({});
	assert.equal(await bad.run("not ok"), { exited: 1 });
	assert.is(bad.usable, false);
});

test("aborting a guest that waits ends its run, and the instance with it", async () => {
	const component = await loadComponent(await assemble(WAITS));
	const instance = await component.instantiate({
		"wasi:io/poll": { Pollable: Never, poll: async () => new Uint32Array() },
		"wasi:clocks/monotonic-clock": { subscribeDuration: () => new Never() },
	});
	const controller = new AbortController();
	const running = instance.run("go", { signal: controller.signal });
	controller.abort();
	const outcome = await running;
	assert.is("trap" in outcome && outcome.trap.kind, "aborted");
	assert.is(instance.usable, false);
});

/** A pollable that is never ready. */
class Never {
	async block(): Promise<void> {
		await new Promise(() => {});
	}
}

test("an import the host lacks is named before anything runs", async () => {
	await loadComponent(await assemble(WANTS_HTTP)).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "it imports what this host does not offer: wasi:http/outgoing-handler@0.2.12"),
	);
});

test("output is cut into lines wherever the writes were cut", () => {
	const lines: string[] = [];
	const buffer = new LineBuffer((line) => lines.push(line));
	const text = bytes("grüße\r\n\nzwei\nrest");
	for (const byte of text) buffer.write(Uint8Array.of(byte));
	assert.equal(lines, ["grüße", "", "zwei"]);
	buffer.end();
	buffer.end();
	assert.equal(lines, ["grüße", "", "zwei", "rest"]);
});

test("a line without end is cut after 64 KiB, and a sink that throws does not reach the guest", () => {
	const lines: [size: number, isCut: boolean][] = [];
	const buffer = new LineBuffer((line, isCut) => {
		lines.push([line.length, isCut]);
		throw new Error("sink");
	});
	buffer.write(new Uint8Array(100_000).fill(0x61));
	buffer.write(new Uint8Array(50_000).fill(0x61));
	buffer.end();
	buffer.write(bytes(`next\n${"b".repeat(65_536)}\n${"c".repeat(65_537)}\nlast`));
	buffer.end();
	assert.equal(lines, [
		[65_536, true],
		[4, false],
		[65_536, false],
		[65_536, true],
		[4, false],
	]);
});

test("a line that is cut ends with a whole character", () => {
	const lines: string[] = [];
	new LineBuffer((line) => lines.push(line)).write(bytes(`a${"é".repeat(40_000)}`));
	assert.equal(lines, [`a${"é".repeat(32_767)}`]);
});

test.run();
