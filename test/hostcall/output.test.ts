import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { Emitted } from "../../src/hostcall/emitted.ts";
import { createOutput } from "../../src/hostcall/output.ts";
import { LIMITS } from "../helpers/guest-scope.ts";

function openOutput(limits = {}) {
	const abort = new AbortController();
	const emitted: Emitted[] = [];
	const output = createOutput({
		signal: abort.signal,
		limits: { ...LIMITS, ...limits },
		emit: (each) => {
			emitted.push(each);
			return undefined;
		},
	});
	return { abort, emitted, output };
}

async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
	return "accepted";
}

test("text and events are passed on in the order of the calls, and the data stays text", async () => {
	const { emitted, output } = openOutput();
	await output.emitText("a");
	await output.emitEvent("x", ' {"a": 1} ');
	await output.emitText("b");
	assert.equal(emitted, [
		{ type: "text", text: "a" },
		{ type: "event", name: "x", data: ' {"a": 1} ' },
		{ type: "text", text: "b" },
	]);
});

test("an empty text is no output", async () => {
	const { emitted, output } = openOutput();
	await output.emitText("");
	assert.equal(emitted, []);
});

test("a wrong name of an event is refused with the name", async () => {
	const { output } = openOutput();
	assert.is(
		await refusal(output.emitEvent("a b", "1")),
		'invalid_request: name: it must have 1 to 64 letters, digits, "_", "." and "-", and is "a b"',
	);
	assert.match(await refusal(output.emitEvent("x".repeat(1_000_000), "1")), /^invalid_request: name: .{0,160}$/);
});

test("data that is not JSON, too deep or of too many values is refused with the reason", async () => {
	const { emitted, output } = openOutput({ maxHostcallItems: 1_000 });
	assert.is(await refusal(output.emitEvent("x", "nope")), "invalid_request: data: it is not JSON; pass a value as JSON text");
	assert.is(
		await refusal(output.emitEvent("x", "[".repeat(300) + "]".repeat(300))),
		"invalid_request: data: it is nested deeper than 256 levels; pass a value as JSON text",
	);
	assert.is(
		await refusal(output.emitEvent("x", JSON.stringify(new Array(2_000).fill([])))),
		"invalid_request: data: it has more than 1000 values (max_hostcall_items); emit several events",
	);
	assert.equal(emitted, []);
});

test("output above the bound of a hostcall is refused", async () => {
	const { output } = openOutput({ maxHostcallBytes: 100 });
	assert.is(await refusal(output.emitText("x".repeat(100))), "accepted");
	assert.is(
		await refusal(output.emitText("x".repeat(101))),
		"invalid_request: text: it has more than 100 bytes (max_hostcall_bytes); emit it in parts",
	);
	assert.is(
		await refusal(output.emitEvent("x", JSON.stringify("x".repeat(101)))),
		"invalid_request: data: it has more than 100 bytes (max_hostcall_bytes); emit it in parts",
	);
});

test("output after the end of the run is refused with the reason of the end", async () => {
	const { abort, emitted, output } = openOutput();
	abort.abort(new SpearError("cancelled", "the run is over"));
	assert.is(await refusal(output.emitText("late")), "cancelled: the run is over");
	assert.is(await refusal(output.emitEvent("late", "1")), "cancelled: the run is over");
	assert.equal(emitted, []);
});

test.run();
