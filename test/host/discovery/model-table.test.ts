import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DiscoveredModel, ProbeContext } from "../../../src/backends/discovery.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { ModelTable } from "../../../src/host/discovery/model-table.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** A table whose requests the test answers. */
function tableOf() {
	const clock = new FakeClock();
	const requests: (ProbeContext & PromiseWithResolvers<readonly DiscoveredModel[]>)[] = [];
	const failures: string[] = [];
	let key = "k1";
	const table = new ModelTable({
		list: (context) => {
			const request = { ...context, ...Promise.withResolvers<readonly DiscoveredModel[]>() };
			requests.push(request);
			return request.promise;
		},
		key: () => key,
		clock,
		onFailure: ({ message }) => failures.push(message),
	});
	return { table, clock, requests, failures, rotate: (next: string) => (key = next) };
}

const MINUTE = 60_000;

test("reading never waits: a list is there after its request, and stays while a later one is read", async () => {
	const { table, clock, requests, rotate } = tableOf();
	assert.equal(table.current(), []);
	assert.equal(table.current(), []);
	assert.is(requests.length, 1, "one request at a time");
	requests[0]?.resolve([{ name: "a" }]);
	await table.refresh();
	assert.equal(table.current(), [{ name: "a" }]);
	clock.pass(10 * MINUTE - 1);
	assert.equal(table.current(), [{ name: "a" }]);
	assert.is(requests.length, 1, "the list has not expired");
	rotate("k2");
	clock.pass(1);
	assert.equal(table.current(), [{ name: "a" }]);
	requests[1]?.resolve([{ name: "b" }]);
	await table.refresh();
	assert.equal(table.current(), [{ name: "b" }]);
	assert.equal(
		requests.map(({ apiKey }) => apiKey),
		["k1", "k2"],
	);
});

test("an upstream that fails changes nothing, and is asked again after a minute", async () => {
	const { table, clock, requests, failures } = tableOf();
	table.current();
	requests[0]?.resolve([{ name: "a" }]);
	await table.refresh();
	clock.pass(10 * MINUTE);
	table.current();
	requests[1]?.reject(new SpearError("backend_error", "down"));
	await table.refresh();
	assert.equal([table.current(), failures], [[{ name: "a" }], ["down"]]);
	clock.pass(MINUTE - 1);
	table.current();
	assert.is(requests.length, 2);
	clock.pass(1);
	table.current();
	assert.is(requests.length, 3);
});

test("closing aborts the request without a report, and no other follows", async () => {
	const { table, clock, requests, failures } = tableOf();
	table.current();
	table.close();
	assert.is(requests[0]?.signal.aborted, true);
	requests[0]?.reject(new SpearError("cancelled", "closed"));
	await table.refresh();
	clock.pass(60 * MINUTE);
	table.current();
	assert.equal([requests.length, failures], [1, []]);
});

test.run();
