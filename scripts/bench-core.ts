/**
 * `npm run bench:core`: the cost of hostcalls of core modules, over an empty loop in the same guest, through a whole host.
 *
 * Figures are the lower quartile over rounds in turns. Compare them with each other, and not with those of another run.
 *
 *     npm run bench:core -- [rounds] [calls per round]
 */
import "./require-node.ts";
import process from "node:process";
import { parse } from "@bytecodealliance/jco";
import { type Agent, createHost, type Logger } from "../src/index.ts";
import { lowerQuartile } from "./lower-quartile.ts";

const [rounds = 15, calls = 200_000] = process.argv.slice(2).map(Number);

/** A guest that calls a function again and again. `call` leaves nothing on the stack. */
function guest(call: string, before = ""): string {
	return `(module
		(import "spear" "time_now_ms" (func $now (result i64)))
		(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
		(import "spear" "cchat_create" (func $create (result i32)))
		(import "spear" "cchat_write_msg" (func $message (param i32 i32 i32 i32 i32) (result i32)))
		(import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))
		(import "spear" "cchat_recv" (func $receive (param i32 i32 i32) (result i32)))
		(import "spear" "rtasr_create" (func $session (result i32)))
		(import "spear" "rtasr_ctl" (func $control (param i32 i32 i32 i32) (result i32)))
		(memory (export "memory") 2)
		(data (i32.const 16) "user")
		(data (i32.const 64) "a line of thirty-two characters.")
		(func (export "_start") (local $left i32) (local $fd i32)
			(memory.fill (i32.const 1024) (i32.const 97) (i32.const 700))
			${before}
			(local.set $left (i32.const ${calls}))
			(loop $again
				${call}
				(br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))`;
}

const CHAT = `(local.set $fd (call $create))
	(drop (call $message (local.get $fd) (i32.const 16) (i32.const 4) (i32.const 1024) (i32.const 700)))
	(local.set $fd (call $send (local.get $fd) (i32.const 0)))`;

const GUESTS = [
	{ name: "an empty loop", text: guest("(nop)"), goal: "" },
	{ name: "time_now_ms", text: guest("(drop (call $now))"), goal: "<= 0.2" },
	{ name: "log of 32 bytes", text: guest("(drop (call $log (i32.const 2) (i32.const 64) (i32.const 32)))"), goal: "<= 1" },
	{
		name: "cchat_recv of about 1 KB",
		text: guest("(i32.store (i32.const 8) (i32.const 65536)) (drop (call $receive (local.get $fd) (i32.const 4096) (i32.const 8)))", CHAT),
		goal: "<= 2",
	},
	{
		name: "rtasr_ctl, a status as JSON",
		text: guest(
			"(i32.store (i32.const 8) (i32.const 1024)) (drop (call $control (local.get $fd) (i32.const 3) (i32.const 4096) (i32.const 8)))",
			"(local.set $fd (call $session))",
		),
		goal: "",
	},
];

const quiet = (): void => {};
const logger: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
const host = await createHost({
	config: {
		host: { log_level: "silent" },
		backends: { stub: { kind: "stub" } },
		limits: { max_log_lines_per_s: 1_000_000_000, max_log_bytes_per_s: 1_000_000_000_000 },
	},
	env: {},
	logger,
});
try {
	const agents: Agent[] = [];
	for (const { text } of GUESTS) agents.push(await host.load(await parse(text)));
	const times: number[][] = GUESTS.map(() => []);
	for (let round = -3; round < rounds; round += 1) {
		for (const [index, agent] of agents.entries()) {
			const before = agent.cpuMs;
			await agent.run("");
			if (round >= 0) times[index]?.push(((agent.cpuMs - before) * 1000) / calls);
		}
	}
	const quartiles = times.map(lowerQuartile);
	const [empty = 0] = quartiles;
	console.log(`lower quartile of ${rounds} rounds of ${calls} calls, microseconds of the guest's CPU time\n`);
	for (const [index, { name, goal }] of GUESTS.entries()) {
		const us = (quartiles[index] ?? Number.NaN) - (index === 0 ? 0 : empty);
		console.log(`${name.padEnd(30)} ${us.toFixed(3).padStart(8)}  ${goal}`);
	}
} finally {
	await host.close();
}
