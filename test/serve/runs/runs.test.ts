import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createServer } from "../../../src/serve.ts";
import { assertResumes, bodyOf, emittingAgent, ended, events, failure, submit, submitted } from "../../helpers/run-requests.ts";
import { served } from "../../helpers/served.ts";

const test = suite<{ component: string }>("submitted runs over HTTP");

test.before(async (context) => {
	context.component = await emittingAgent();
});

const ANNA = { authorization: "Bearer a-long-key-of-anna" };
const BEN = { authorization: "Bearer a-long-key-of-ben" };
const ENV = { ANNA: "a-long-key-of-anna", BEN: "a-long-key-of-ben" };
const CLIENTS = { anna: { key_env: "ANNA" }, ben: { key_env: "BEN" } };

test("a submission is accepted at once, and its result is at the URL that the answer names", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const response = await submit(at.url, { input: { city: "Bern" } });
	const run = await bodyOf(response);
	assert.is(response.status, 202);
	assert.is(response.headers.get("location"), run.status_url);
	assert.equal([run.is_new, run.status_url], [true, `/agents/clerk/runs/${run.id}`]);
	const { output, state, attempt } = await ended(at.url, run);
	assert.equal([state, attempt, output], ["completed", 1, '{"city":"Bern"}']);
	const asJson = await bodyOf(await fetch(`${at.url}${run.status_url}?output_format=json`));
	assert.equal(asJson.output, { city: "Bern" });
	await at.close();
});

test("a run that fails tells why, and keeps no stack", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const run = await submitted(at.url, { input: "fail" });
	const { state, error } = await ended(at.url, run);
	assert.equal([state, error], ["failed", { code: "guest_failed", message: "no luck today", retryable: false }]);
	const last = (await events(at.url, run)).at(-1);
	assert.equal([last?.id, last?.name, Object(last?.data).error], ["end", "error", error]);
	await at.close();
});

test("a submission that cannot be read is refused with the member at fault", async ({ component }) => {
	const at = await served({ agents: { clerk: { component, max_input_bytes: 100 } } });
	const cases: [body: object, expected: unknown, headers?: Record<string, string>][] = [
		[{}, [400, "invalid_request", "input"]],
		[{ input: "", output_format: "json" }, [400, "invalid_request", "output_format"]],
		[{ input: "", priority: 10 }, [400, "invalid_request", "priority"]],
		[{ input: "", delay_ms: -1 }, [400, "invalid_request", "delay_ms"]],
		[{ input: "", delay_ms: 5, deadline_ms: 5 }, [400, "invalid_request", "deadline_ms"]],
		[{ input: "", timeout_ms: 1.5 }, [400, "invalid_request", "timeout_ms"]],
		[{ input: "", max_attempts: 0 }, [400, "invalid_request", "max_attempts"]],
		[{ input: "", idempotency_key: "" }, [400, "invalid_request", "idempotency_key"]],
		[{ input: "", idempotency_key: "a" }, [400, "invalid_request", "idempotency_key"], { "idempotency-key": '"b"' }],
		[{ input: "" }, [400, "invalid_request", "Idempotency-Key"], { "idempotency-key": "x".repeat(257) }],
		[{ input: "", retry_guest_failures: 1 }, [400, "invalid_request", "retry_guest_failures"]],
		[{ input: "x".repeat(101) }, [413, "input_too_large", "input"]],
	];
	for (const [body, expected, headers] of cases)
		assert.equal(await failure(await submit(at.url, body, headers)), expected, JSON.stringify(body));
	assert.equal(await failure(await submit(at.url, { input: "" }, {}, "nobody")), [404, "not_found"]);
	const run = await submitted(at.url, { input: "" });
	assert.equal(await failure(await fetch(`${at.url}${run.events_url}?after=nonsense`)), [400, "invalid_request"]);
	assert.equal(await failure(await fetch(`${at.url}/agents/clerk/runs?state=lost`)), [400, "invalid_request", "state"]);
	await at.close();
});

test("a second submission with the same idempotency key returns the first run, from the header and from the body", async ({
	component,
}) => {
	const at = await served({ agents: { clerk: { component } } });
	const first = await submitted(at.url, { input: "1" }, { "idempotency-key": '"order 7"' });
	const second = await submitted(at.url, { input: "1", idempotency_key: "order 7" });
	const other = await submitted(at.url, { input: "1" }, { "idempotency-key": "order 8" });
	assert.equal([first.is_new, second.is_new, other.is_new], [true, false, true]);
	assert.equal([second.id === first.id, other.id === first.id], [true, false]);
	await at.close();
});

test("a client sees, reads and cancels the runs of its own guest only", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } }, clients: CLIENTS }, ENV);
	const run = await submitted(at.url, { input: "wait" }, ANNA);
	for (const path of [run.status_url, run.events_url, `${run.status_url}x`, `/agents/clerk/runs/clerk.${"A".repeat(24)}`])
		assert.equal(await failure(await fetch(at.url + path, { headers: BEN })), [404, "not_found"], path);
	assert.equal(await failure(await fetch(`${at.url}${run.status_url}/cancel`, { method: "POST", headers: BEN })), [404, "not_found"]);
	assert.equal(await failure(await fetch(at.url + run.status_url, { method: "DELETE", headers: BEN })), [404, "not_found"]);
	const listed = async (headers: Record<string, string>): Promise<string[]> =>
		(await bodyOf(await fetch(`${at.url}/agents/clerk/runs`, { headers }))).runs.map(({ id }) => id);
	assert.equal([await listed(ANNA), await listed(BEN)], [[run.id], []]);
	assert.equal(await failure(await fetch(at.url + run.status_url)), [401, "unauthenticated"]);
	assert.is((await bodyOf(await fetch(at.url + run.status_url, { headers: ANNA }))).id, run.id);
	await at.close();
});

test("a key with agents of its own reaches the runs of no other agent", async ({ component }) => {
	const clients = { anna: { key_env: "ANNA", agents: ["other"] }, ben: { key_env: "BEN", guest: "anna" } };
	const at = await served({ agents: { clerk: { component }, other: { component } }, clients }, ENV);
	const run = await submitted(at.url, { input: "" }, BEN);
	assert.equal(await failure(await submit(at.url, { input: "" }, ANNA)), [403, "not_permitted"]);
	assert.equal(await failure(await fetch(at.url + run.status_url, { headers: ANNA })), [403, "not_permitted"]);
	const elsewhere = run.status_url.replace("/clerk/", "/other/");
	assert.equal(await failure(await fetch(at.url + elsewhere, { headers: ANNA })), [404, "not_found"]);
	await at.close();
});

for (const [how, init] of [
	["POST …/cancel", { method: "POST" }],
	["DELETE", { method: "DELETE" }],
] as const)
	test(`${how} cancels a run in progress, and its readers see the end`, async ({ component }) => {
		const at = await served({ agents: { clerk: { component } } });
		const run = await submitted(at.url, { input: "wait" });
		const reading = events(at.url, run);
		while ((await bodyOf(await fetch(at.url + run.status_url))).state !== "running") await new Promise((resolve) => setTimeout(resolve, 5));
		const path = init.method === "POST" ? `${run.status_url}/cancel` : run.status_url;
		assert.is((await fetch(at.url + path, init)).status, 202);
		const { state, error } = await ended(at.url, run);
		assert.equal([state, error?.code], ["cancelled", "cancelled"]);
		assert.equal(
			(await reading).map(({ name }) => name),
			["error"],
		);
		await at.close();
	});

test("the events of a run are read from every id on without gap or repetition, at another server of the host", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const other = createServer(at.host, { worker: false });
	const { url } = await other.listen({ port: 0 });
	await assertResumes(at, url, await submitted(at.url, { input: "emit" }));
	await other.close({ drainMs: 0 });
	await at.close();
});

test("a server that drains ends its streams, and the submitted runs in progress end first", async ({ component }) => {
	const at = await served({ agents: { clerk: { component } } });
	const run = await submitted(at.url, { input: "emit" });
	const reading = events(at.url, run);
	while ((await bodyOf(await fetch(at.url + run.status_url))).state !== "running") await new Promise((resolve) => setTimeout(resolve, 5));
	await at.server.close({ drainMs: 10_000 });
	assert.is(
		(await reading).some(({ name }) => name === "completed" || name === "error"),
		false,
	);
	assert.is((await at.host.runs.get(run.id).status()).answer, "done");
	await at.close();
});

test.run();
