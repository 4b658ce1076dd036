/** Tools of the guest, called while its entry waits in `cchat_send`. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EFAULT, EINVAL, EIO, ENOSPC, EPERM } from "../../../generated/hostcall/core/errno.ts";
import type { GuestFunctions, ToolCall, ToolOutcome } from "../../../src/abi/core/guest-functions.ts";
import { type CoreRun, type CoreRunOptions, instantiateCore, runCore, type ScriptedCalls } from "../../helpers/core-guest.ts";

const test = suite("tools of a core module");

const IMPORTS = `
	(import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))
	(import "spear" "sleep_ms" (func $sleep (param i32)))
	(import "spear" "cchat_close" (func $tell (param i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`;

/** A guest with one tool, at index 1 of the table. Its arena is at 1024. */
function guestOf(tool: string, { table = '(table (export "__indirect_function_table") 4 funcref)', more = "" } = {}): string {
	return `(module ${IMPORTS} ${table} (memory (export "memory") 2) (elem (i32.const 1) func $tool) ${more}
		(func $tool (param $in i32) (param $inLength i32) (param $out i32) (param $outLength i32) (result i32) ${tool})
		(func (export "_start") (drop (call $send (i32.const 1000) (i32.const 2)))))`;
}

/** Copies the input to the output. */
const ECHO = `(memory.copy (local.get $out) (local.get $in) (local.get $inLength))
	(i32.store (local.get $outLength) (local.get $inLength)) (i32.const 0)`;

const CALL: ToolCall = { index: 1, input: Buffer.from('{"a":7}'), arena: { pointer: 1024, length: 256 }, maxOutputBytes: 1_000 };

type Script = (guest: GuestFunctions, depth: number) => Promise<number>;

/** Runs a guest whose `cchat_send` is the script. Returns with what the tools answered. */
async function run(module: string, script: Script, options: CoreRunOptions = {}): Promise<Awaited<ReturnType<typeof runCore>>> {
	return runCore(module, { ...options, calls: callsOf(script) });
}

function callsOf(script: Script, more: ScriptedCalls = {}): (guest: GuestFunctions) => ScriptedCalls {
	let depth = 0;
	return (guest) => ({
		// A guest that is ended in a long sleep leaves the timer behind, which keeps the process.
		clock: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 500))) },
		...more,
		chat: { ...more.chat, send: () => script(guest, depth++) },
	});
}

/** Calls a tool once. Returns its outcome. */
async function callOnce(
	module: string,
	call: Partial<ToolCall> = {},
	options: CoreRunOptions = {},
): Promise<CoreRun & { readonly answer: ToolOutcome | undefined; readonly outcome: unknown }> {
	let answer: ToolOutcome | undefined;
	const done = await run(
		module,
		async (guest) => {
			answer = await guest.callTool({ ...CALL, ...call });
			return 1001;
		},
		options,
	);
	return { ...done, answer };
}

const codeOf = async (module: string, call: Partial<ToolCall> = {}): Promise<unknown> => {
	const { answer, outcome } = await callOnce(module, call);
	assert.equal(outcome, { ok: "" });
	return answer !== undefined && "code" in answer ? answer.code : answer;
};

test("a tool gets its input, and its output is returned", async () => {
	for (const metering of ["full", "off"] as const) {
		const { answer, outcome } = await callOnce(guestOf(ECHO), { input: Buffer.from("größe") }, { metering });
		assert.equal(outcome, { ok: "" });
		assert.equal(answer, { output: new Uint8Array(Buffer.from("größe")) });
	}
});

test("a tool finds its places in the arena, and the input ends in NUL", async () => {
	const seen: number[] = [];
	const tell = (value: string): string => `(drop (call $tell ${value}))`;
	await runCore(
		guestOf(`${["$in", "$inLength", "$out", "$outLength"].map((name) => tell(`(local.get ${name})`)).join(" ")}
			${tell("(i32.load (local.get $outLength))")} ${tell("(i32.load8_u (i32.add (local.get $in) (local.get $inLength)))")}
			(i32.store (local.get $outLength) (i32.const 0)) (i32.const 0)`),
		{
			calls: callsOf(
				async (guest) => {
					await guest.callTool({ ...CALL, arena: { pointer: 1027, length: 101 } });
					return 0;
				},
				{
					chat: {
						close(value) {
							seen.push(value);
							return 0;
						},
					},
				},
			),
		},
	);
	assert.equal(seen, [1027, 7, 1035, 1035 + 88, 85, 0]);
});

test("the table is found by its names first, and else the first one", async () => {
	const other =
		"(table $other 4 funcref) (elem (table $other) (i32.const 1) func $fails) (func $fails (param i32 i32 i32 i32) (result i32) (i32.const 9))";
	for (const name of ["__indirect_function_table", "table", "any"]) {
		const table = `(table $main (export "${name}") 4 funcref)`;
		assert.equal(await codeOf(guestOf(ECHO, { table })), { output: new Uint8Array(CALL.input) });
	}
	const two = (first: string, second: string): string =>
		guestOf(ECHO, { table: `(table $main (export "${first}") 4 funcref)`, more: `${other} (export "${second}" (table $other))` });
	assert.equal(await codeOf(two("__indirect_function_table", "table")), { output: new Uint8Array(CALL.input) });
	assert.is(await codeOf(two("table", "__indirect_function_table")), 9);
	assert.equal(await codeOf(two("a", "b")), { output: new Uint8Array(CALL.input) });
});

test("an entry that is missing or has another type is EIO, and none of its code runs", async () => {
	assert.is(await codeOf(guestOf(ECHO, { table: "(table 4 funcref)" })), EIO);
	assert.is(await codeOf(guestOf(ECHO), { index: 0 }), EIO);
	assert.is(await codeOf(guestOf(ECHO), { index: 4 }), EIO);
	assert.is(await codeOf(guestOf(ECHO), { index: -1 }), EFAULT);
	const kinds = [
		"(param i32 i32 i32) (result i32)",
		"(param i32 i32 i32 i32) (result i64)",
		"(param i32 i32 i32 f32) (result i32)",
		"(param i32 i32 i32 i32)",
	];
	for (const type of kinds) {
		const more = `(elem (i32.const 2) func $other) (func $other ${type} (call $exit (i32.const 9)) unreachable)`;
		assert.is(await codeOf(guestOf(ECHO, { more }), { index: 2 }), EIO);
	}
	const references = guestOf(ECHO, { table: '(table 4 funcref) (table (export "table") 4 externref)' });
	assert.is(await codeOf(references), EIO);
});

test("an entry that is a function of the host is a tool like any other", async () => {
	const table = `(import "spear" "spear_epoll_wait" (func $wait (param i32 i32 i32 i32) (result i32)))
		(table (export "table") 4 funcref) (elem (i32.const 2) func $wait)`;
	let answer: ToolOutcome | undefined;
	const script: Script = async (guest) => {
		answer = await guest.callTool({ ...CALL, index: 2 });
		return 0;
	};
	const { outcome } = await runCore(guestOf(ECHO, { table }), { calls: callsOf(script, { poll: { wait: async () => EINVAL } }) });
	assert.equal(outcome, { ok: "" });
	assert.equal(answer, { code: EINVAL });
});

test("a guest without an exported memory has no tools", async () => {
	assert.is(await codeOf(guestOf(ECHO).replace('(export "memory")', "")), EIO);
});

test("arenas outside the memory and without room are errnos", async () => {
	assert.is(await codeOf(guestOf(ECHO), { arena: { pointer: 131_000, length: 1_000 } }), EFAULT);
	assert.is(await codeOf(guestOf(ECHO), { arena: { pointer: 0, length: 1_000 } }), EFAULT);
	assert.is(await codeOf(guestOf(ECHO), { arena: { pointer: 8, length: 16 } }), ENOSPC);
	assert.equal(await codeOf(guestOf(ECHO), { arena: { pointer: 131_072 - 256, length: 256 } }), { output: new Uint8Array(CALL.input) });
});

test("the number that a tool returns is the code, and a wrong output is EIO", async () => {
	assert.is(await codeOf(guestOf("(i32.const 7)")), 7);
	assert.is(await codeOf(guestOf("(i32.const -22)")), EINVAL);
	assert.is(await codeOf(guestOf("(i32.store (local.get $outLength) (i32.const 241)) (i32.const 0)")), EIO);
	assert.is(await codeOf(guestOf("(i32.store (local.get $outLength) (i32.const -1)) (i32.const 0)")), EIO);
	assert.is(
		await codeOf(guestOf("(i32.store8 (local.get $out) (i32.const 0xff)) (i32.store (local.get $outLength) (i32.const 1)) (i32.const 0)")),
		EIO,
	);
});

/** Asks for `need` bytes when it has less. */
const needs = (need: number, code: number): string => `(drop (call $tell (i32.load (local.get $outLength))))
	(if (result i32) (i32.lt_u (i32.load (local.get $outLength)) (i32.const ${need}))
		(then (i32.store (local.get $outLength) (i32.const ${need})) (i32.const ${code}))
		(else (memory.fill (local.get $out) (i32.const 97) (i32.const ${need})) (i32.store (local.get $outLength) (i32.const ${need})) (i32.const 0)))`;

test("a tool that has too little space is called twice at most, by SPEAR's number and by that of wasi-libc", async () => {
	for (const code of [-28, -51]) {
		const tries: number[] = [];
		const calls = callsOf(
			async (guest) => {
				assert.equal(await guest.callTool({ ...CALL, maxOutputBytes: 100 }), { code: ENOSPC });
				return 0;
			},
			{
				chat: {
					close(value) {
						tries.push(value);
						return 0;
					},
				},
			},
		);
		assert.equal((await runCore(guestOf(needs(101, code)), { calls })).outcome, { ok: "" });
		assert.equal(tries, [100]);
	}
	// Asks for less than it has, again and again.
	const tries: number[] = [];
	const stubborn =
		"(drop (call $tell (i32.load (local.get $outLength)))) (i32.store (local.get $outLength) (i32.const 16)) (i32.const -28)";
	const calls = callsOf(
		async (guest) => {
			assert.equal(await guest.callTool(CALL), { code: ENOSPC });
			return 0;
		},
		{
			chat: {
				close(value) {
					tries.push(value);
					return 0;
				},
			},
		},
	);
	assert.equal((await runCore(guestOf(stubborn), { calls })).outcome, { ok: "" });
	assert.equal(tries, [240, 16]);
});

test("a tool may wait, and the memory may grow meanwhile", async () => {
	const { answer, outcome } = await callOnce(guestOf(`(drop (memory.grow (i32.const 3))) (call $sleep (i32.const 2)) ${ECHO}`));
	assert.equal(outcome, { ok: "" });
	assert.equal(answer, { output: new Uint8Array(CALL.input) });
});

test("a tool that traps has failed, its author is told, and the guest goes on", async () => {
	const more = "(tag $t)";
	for (const [tool, line] of [
		["unreachable", /unreachable in `tool` .*, called by `call_tool` /],
		["(throw $t)", "an exception left it"],
		["(call $tool (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))", "Maximum call stack size exceeded"],
		["(i32.load (i32.const -4))", "memory access out of bounds"],
	] as const) {
		const { answer, outcome, lines } = await callOnce(guestOf(tool, { more }));
		assert.equal(outcome, { ok: "" });
		assert.equal(answer, { code: EIO });
		assert.is(lines.length, 1);
		assert.match(lines[0] ?? "", "err: a tool of the guest has trapped: ");
		assert.match(lines[0] ?? "", line);
	}
});

test("a tool that loops is stopped by the limits of the run, and the guest with it", async () => {
	const forever = guestOf("(loop (br 0)) (i32.const 0)");
	for (const [limits, kind] of [
		[{ cpuMs: 20 }, "cpu-budget"],
		[{ timeoutMs: 20 }, "deadline"],
	] as const) {
		const { outcome, answer } = await callOnce(forever, {}, { limits });
		assert.is(answer, undefined);
		assert.is((outcome as { trap: { kind: string } }).trap.kind, kind);
	}
	const waits = await callOnce(guestOf("(call $sleep (i32.const 100000)) (i32.const 0)"), {}, { limits: { timeoutMs: 20 } });
	assert.is((waits.outcome as { trap: { kind: string } }).trap.kind, "deadline");
});

test("an abort ends a tool that waits, and the guest with it", async () => {
	const abort = new AbortController();
	const { instance, disposed } = await instantiateCore(guestOf("(call $sleep (i32.const 100000)) (i32.const 0)"), {
		signal: abort.signal,
		calls: callsOf(async (guest) => {
			setImmediate(() => abort.abort());
			await guest.callTool(CALL);
			return 0;
		}),
	});
	const outcome = await instance.run("");
	assert.is((outcome as { trap: { kind: string } }).trap.kind, "aborted");
	assert.is(disposed(), 1);
});

test("a tool that exits ends the guest with its status", async () => {
	const { outcome, answer } = await callOnce(guestOf("(call $exit (i32.const 6)) (i32.const 0)"));
	assert.equal(outcome, { exited: 6 });
	assert.is(answer, undefined);
});

test("a tool may send a chat whose tools run inside it, four deep", async () => {
	const codes: unknown[] = [];
	const nested = guestOf(
		"(drop (call $send (i32.const 1000) (i32.const 2))) (i32.store (local.get $outLength) (i32.const 0)) (i32.const 0)",
	);
	const { outcome } = await run(nested, async (guest, depth) => {
		const answer = await guest.callTool(CALL);
		codes.push([depth, "code" in answer ? answer.code : "output"]);
		return 0;
	});
	assert.equal(outcome, { ok: "" });
	assert.equal(codes, [
		[4, EPERM],
		[3, "output"],
		[2, "output"],
		[1, "output"],
		[0, "output"],
	]);
});

test("a hostcall that calls two tools at once, or answers before its tool, is a fault of the host", async () => {
	const slow = guestOf("(call $sleep (i32.const 20)) (i32.const 0)");
	const kindOf = ({ outcome }: { readonly outcome: unknown }): unknown => (outcome as { trap: { kind: string } }).trap.kind;
	const twice = await run(slow, async (guest) => {
		await Promise.all([guest.callTool(CALL), guest.callTool(CALL)]);
		return 0;
	});
	assert.is(kindOf(twice), "host-fault");
	const early = await run(slow, async (guest) => {
		guest.callTool(CALL).catch(() => {});
		return 0;
	});
	assert.is(kindOf(early), "host-fault");
	assert.match((early.outcome as { trap: { message: string } }).trap.message, "the host answered while a tool of the guest was running");
});

test("a tool is not called while the guest runs, or after its end", async () => {
	let guest: GuestFunctions | undefined;
	const { instance } = await instantiateCore(guestOf(ECHO), {
		calls: callsOf(async (functions) => {
			guest = functions;
			return 0;
		}),
	});
	await instance.run("");
	const refused = async (): Promise<string> =>
		guest?.callTool(CALL).then(
			() => "called",
			(cause: Error) => cause.message,
		) ?? "";
	assert.is(await refused(), "a tool was called while the guest did not wait for it");
	instance.close();
	assert.is(await refused(), "it was closed");
});

test.run();
