import { type BuildResult, GUEST_WIT } from "../../src/build/build-guest.ts";

import { buildFreshGuest, buildTestGuest } from "./guest.ts";

/** A guest that its input makes fail, or take what it can: its time, memory and handles. To any other input it answers its length. */
const UNRULY_GUEST = `
import { completeStream, Session } from "spear:ai/cchat@0.1.0";
import { subscribeDuration, poll } from "spear:ai/poll@0.1.0";
import { log } from "spear:ai/log@0.1.0";

const kept = [];
const request = () => ({ messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }], tools: [] });
const report = (open) => {
	for (let count = 0; ; count += 1) {
		try {
			kept.push(open());
		} catch (thrown) {
			return count + " " + thrown.payload.code + ": " + thrown.payload.message;
		}
	}
};
const forever = (call) => {
	for (;;) {
		try {
			call();
		} catch {}
	}
};
const fill = (all) => { for (;;) all.push(new Uint8Array(1 << 20)); };
const deeper = (n) => deeper(n + 1) + 1;
let runs = 0;
let never;

const jobs = {
	"waits over and over": () => forever(() => { const timer = subscribeDuration(0); timer.block(); timer[Symbol.dispose](); }),
	"polls what is ready over and over": () => { const ready = subscribeDuration(0); ready.block(); forever(() => poll([ready])); },
	"asks over and over": () => forever(() => { const session = Session.open(request(), null); try { session.send(); } finally { session[Symbol.dispose](); } }),
	"goes on when cancelled": () => forever(() => (never ??= subscribeDuration(1e9)).block()),
	streams: () => report(() => completeStream(request(), null)),
	sessions: () => report(() => Session.open(request(), null)),
	timers() { for (let count = 0; count < 2_000; count += 1) kept.push(subscribeDuration(1e9)); return "opened"; },
	ask() { const session = Session.open(request(), null); const text = session.send().message.content[0].val; session[Symbol.dispose](); return text; },
	log() { log("info", "x".repeat(16_000_000), [{ key: "k", value: "v".repeat(1_000_000) }]); return "logged"; },
	"16 MB": () => "y".repeat(16_000_000),
	count: () => String(runs),
	failed() { throw { tag: "failed", val: "no luck" }; },
	error() { throw new Error("broken guest"); },
	"wrong type": () => 5,
	recursion: () => String(deeper(0)),
	memory: () => fill([]),
	"caught memory"() { const all = []; try { fill(all); } catch (error) { return error.message + " after " + (all.length > 4); } },
	send: () => Session.open(request(), undefined).send().message.content[0].val,
};

export const run = (input) => {
	runs += 1;
	return (jobs[input] ?? (() => String(input.length)))();
};
`;

export function unrulyGuest(): Promise<BuildResult> {
	return buildTestGuest(UNRULY_GUEST);
}

/** Builds the guest without an entry point around it: what it throws is a trap, as in guests of other tools. */
export function bareUnrulyGuest(): Promise<BuildResult> {
	return buildFreshGuest(UNRULY_GUEST, { witDirectory: GUEST_WIT });
}
