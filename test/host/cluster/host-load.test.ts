import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ClusterReports } from "../../../src/host/cluster/cluster-reports.ts";
import { HostLoadMeter, type HostLoadSource, inProgress } from "../../../src/host/cluster/host-load.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

const test = suite("the load in a host's card");

test("rates are averages since the sample before, and are kept between samples", () => {
	const clock = new FakeClock();
	const ended = { requests: 100, errors: 5 };
	const inFlight = new Map([
		["chat_completions", 3],
		["embeddings", 2],
	] as const);
	const router: HostLoadSource["router"] = { instances: [], load: { inFlight, pending: 1, ended } };
	const reports = new ClusterReports();
	reports.leases = () => [{ name: "shop", amount: 7 }];
	const meter = new HostLoadMeter({ router, runs: { running: 4, pending: 6 }, reports, clock });
	const rates = (): number[] => {
		const { requestsPerS, errorsPerS } = meter.load();
		return [requestsPerS, errorsPerS];
	};
	assert.equal(rates(), [0, 0]);
	ended.requests += 50;
	ended.errors += 1;
	clock.pass(2_000);
	assert.equal(rates(), [25, 0.5]);
	ended.requests += 1_000;
	clock.pass(10);
	assert.equal(rates(), [25, 0.5], "too short a time makes no rate");
	clock.pass(990);
	assert.equal(rates(), [1_000, 0]);
	const { inFlight: sum, pending, running, waiting, leases } = meter.load();
	assert.equal([sum, pending, running, waiting, leases], [5, 1, 4, 6, [{ name: "shop", amount: 7 }]]);
});

test("runs of the queue are counted by agent over all workers", () => {
	const worker = (...agents: string[]) => ({ agentsInProgress: () => agents });
	assert.equal(inProgress([worker("a", "b"), worker("a"), worker()]), [
		{ name: "a", amount: 2 },
		{ name: "b", amount: 1 },
	]);
});

test.run();
