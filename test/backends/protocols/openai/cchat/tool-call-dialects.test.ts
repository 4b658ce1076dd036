/** Streamed tool calls in every combination of the habits of servers. Whatever a server does, no two calls are merged and none is lost. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CallIds } from "../../../../../src/backends/kit/chat/call-ids.ts";
import { ToolCallAssembler } from "../../../../../src/backends/protocols/openai/cchat/tool-call-assembler.ts";
import { ToolNames } from "../../../../../src/backends/protocols/openai/cchat/tool-names.ts";

const calls = fc.array(
	fc.record({
		name: fc.constantFrom("f", "g"),
		args: fc.dictionary(fc.constantFrom("a", "{", '"'), fc.constantFrom("", "}", '\\"}', " ")).map((value) => JSON.stringify(value)),
		cuts: fc.array(fc.nat(30), { maxLength: 3 }),
	}),
	{ minLength: 1, maxLength: 5 },
);

const habits = fc.record({
	/** `pieces` counts the pieces instead of the calls. */
	index: fc.constantFrom("calls", "text", "zero", "none", "pieces"),
	/** `new` is another id for each piece. */
	id: fc.constantFrom("first", "each", "none", "new"),
	name: fc.constantFrom("first", "each"),
	/** True if the first piece has no arguments. */
	header: fc.boolean(),
});

type Call = { readonly name: string; readonly args: string; readonly cuts: readonly number[] };
type Habits = typeof habits extends fc.Arbitrary<infer T> ? T : never;

/** Returns the pieces of the arguments: not empty, except the first if the server sends a header. */
function piecesOf({ args, cuts }: Call, header: boolean): string[] {
	const bounds = [0, ...new Set(cuts.filter((at) => at > 0 && at < args.length).sort((a, b) => a - b)), args.length];
	const pieces = bounds.slice(1).map((end, index) => args.slice(bounds[index], end));
	return header ? ["", ...pieces] : pieces;
}

/** Returns the events of each call, each event with one piece. */
function eventsByCall(sent: readonly Call[], { index, id, name, header }: Habits): object[][][] {
	let count = -1;
	return sent.map((call, position) =>
		piecesOf(call, header).map((args, piece) => {
			count++;
			const indexes = { calls: position, text: String(position), zero: 0, none: undefined, pieces: count };
			const ids = { first: piece === 0 ? `c${position}` : "", each: `c${position}`, none: "", new: `n${count}` };
			return [{ index: indexes[index], id: ids[id], function: { name: piece === 0 || name === "each" ? call.name : "", arguments: args } }];
		}),
	);
}

/**
 * Returns true for habits that make one call look like several. A new index with the name looks like a call, unless a known id comes with
 * it, and so does a new id with a new index, or with the name after a header.
 */
function isAmbiguous({ index, id, name, header }: Habits): boolean {
	if (index === "pieces" && (id === "new" || (name === "each" && id !== "each"))) return true;
	return id === "new" && name === "each" && header;
}

/** Assembles events, and asserts that the deltas and the whole calls are those that were sent. */
function assembles(sent: readonly Call[], events: readonly object[][]): void {
	const wrong = (what: string) => new Error(what);
	const assembler = new ToolCallAssembler({ names: new ToolNames(["f", "g"]), ids: new CallIds(), wrong });
	const streamed: string[] = [];
	for (const event of events) {
		for (const { index, arguments: args } of assembler.add(event)) streamed[index] = (streamed[index] ?? "") + args;
	}
	assert.equal([...assembler.flush()], []);
	const whole = assembler.complete();
	assert.equal(
		whole.map(({ name, arguments: args }) => ({ name, args })),
		sent.map(({ name, args }) => ({ name, args })),
	);
	assert.equal(
		streamed,
		sent.map(({ args }) => args),
	);
	assert.is(new Set(whole.map(({ id }) => id)).size, sent.length);
}

test("streamed tool calls are neither merged nor lost, whatever the habits of the server", () =>
	fc.assert(
		fc.property(
			calls,
			habits.filter((each) => !isAmbiguous(each)),
			(sent, each) => assembles(sent, eventsByCall(sent, each).flat()),
		),
		{ numRuns: 1000 },
	));

test("streamed tool calls whose pieces arrive in turn are neither merged nor lost, if index or id tells them apart", () =>
	fc.assert(
		fc.property(
			calls,
			fc.constantFrom("calls" as const, "text" as const, "zero" as const, "none" as const),
			fc.constantFrom("first" as const, "each" as const, "none" as const),
			fc.constantFrom("first" as const, "each" as const),
			(sent, index, id, name) => {
				fc.pre(index === "calls" || index === "text" || id === "each");
				const queues = eventsByCall(sent, { index, id, name, header: true });
				const events: object[][] = [];
				while (queues.some((queue) => queue.length > 0)) for (const queue of queues) events.push(...queue.splice(0, 1));
				assembles(sent, events);
			},
		),
		{ numRuns: 1000 },
	));

test.run();
