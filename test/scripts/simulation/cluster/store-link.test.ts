import { test } from "uvu";
import * as assert from "uvu/assert";
import { HostClock } from "../../../../scripts/simulation/cluster/host-clock.ts";
import type { FaultPhase } from "../../../../scripts/simulation/cluster/network.ts";
import { StoreLink } from "../../../../scripts/simulation/cluster/store-link.ts";
import { StoreServer } from "../../../../scripts/simulation/cluster/store-server.ts";
import { VirtualClock } from "../../../../scripts/simulation/virtual-clock.ts";
import { StoreError } from "../../../../src/cluster/store-error.ts";
import { seededRandom } from "../../../../src/time/random.ts";

const END_MS = 120_000;

/** Calls the store at each of these times, and returns the outcomes, the times of their ends, and the times at which the store carried out calls. */
async function calls(times: readonly number[], faults: readonly FaultPhase[]) {
	const time = new VirtualClock();
	const clock = new HostClock(time);
	const server = new StoreServer(time);
	const link = new StoreLink({ time, clock, server, random: seededRandom(1), faults, host: 0 });
	const outcomes: string[] = [];
	const endedAt: number[] = [];
	const states: string[] = [];
	const carriedOut: number[] = [];
	link.onChange(({ reachable }) => states.push(`${reachable ? "up" : "down"} ${Math.floor(time.now())}`));
	for (const [index, at] of times.entries()) {
		time.after(at, async () => {
			const outcome = await link
				.call(() => {
					carriedOut.push(time.now());
					return "answered";
				})
				.catch((thrown: unknown) => (thrown instanceof StoreError ? `${thrown.reason}${thrown.mayHaveRun ? ", may have run" : ""}` : "?"));
			outcomes[index] = outcome;
			endedAt[index] = time.now() - at;
		});
	}
	await time.run(END_MS);
	return { outcomes, endedAt, states, carriedOut };
}

test("a call takes a round trip and its turn at the store", async () => {
	const { outcomes, endedAt, states } = await calls([10, 10, 10], []);
	assert.equal([outcomes, states], [["answered", "answered", "answered"], []]);
	for (const ms of endedAt) assert.ok(ms > 0.3 && ms < 6, `${ms} ms`);
});

test("a call fails at once while the store is gone, and calls work again within the longest pause after it is back", async () => {
	const { outcomes, endedAt, states } = await calls([15_000, 41_100], [{ from: 10_000, to: 40_000, fault: { type: "gone" } }]);
	assert.equal([outcomes, endedAt[0], states[0]], [["unreachable", "answered"], 0, "down 10000"]);
	const upAt = Number(states[1]?.split(" ")[1]);
	assert.ok(upAt >= 40_000 && upAt <= 41_001, states[1]);
});

test("a call on its way when the store ends may have run", async () => {
	const { outcomes, carriedOut } = await calls([9_999.9], [{ from: 10_000, to: 40_000, fault: { type: "gone" } }]);
	assert.equal([outcomes, carriedOut], [["unreachable, may have run"], []]);
});

test("a short cut fails a call after the timeout, and the store carries the call out all the same", async () => {
	const { outcomes, endedAt, carriedOut } = await calls([10_100], [{ from: 10_000, to: 11_500, fault: { type: "cut" } }]);
	assert.equal([outcomes, endedAt], [["unreachable, may have run"], [1_000]]);
	assert.ok(carriedOut.some((at) => at > 11_500 && at < 12_500));
});

test("a long cut costs the connection after three timeouts, and the store never sees the call", async () => {
	const { outcomes, states, carriedOut } = await calls([10_100, 44_000], [{ from: 10_000, to: 40_000, fault: { type: "cut" } }]);
	assert.equal([outcomes, states[0], carriedOut.length], [["unreachable, may have run", "answered"], "down 11100", 1]);
	const upAt = Number(states[1]?.split(" ")[1]);
	assert.ok(upAt >= 40_000 && upAt <= 42_100, states[1]);
});

test("a slow way adds to both directions, for the hosts that the fault is about", async () => {
	const slow: FaultPhase = { from: 0, to: END_MS, fault: { type: "slow", addMs: 250 } };
	assert.ok(Number((await calls([10], [slow])).endedAt[0]) > 500);
	assert.ok(Number((await calls([10], [{ ...slow, affects: (host) => host > 0 }])).endedAt[0]) < 6);
});

test("a host's clocks run at its own speed, pause and stop with it", async () => {
	const time = new VirtualClock();
	const clock = new HostClock(time, { skewMs: 600_000, drift: 0.01 });
	const exact = new HostClock(time);
	const seen: string[] = [];
	for (const ms of [1_010, 2_020, 3_030, 5_050]) clock.after(ms, () => seen.push(`${ms} at ${Math.round(time.now())}`));
	time.after(1_500, () => clock.pause());
	time.after(3_500, () => clock.resume());
	time.after(4_000, () => clock.stop());
	await time.run(10_000);
	assert.equal(seen, ["1010 at 1000", "2020 at 3500", "3030 at 3500"]);
	assert.is(Math.round(clock.now()), Math.round(time.now() * 1.01));
	assert.is(Math.round(clock.wall() - exact.wall()), Math.round(600_000 + time.now() * 0.01));
});

test.run();
