/** Events of the admin API. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AdminEvent } from "../../../src/serve/admin/api.ts";
import { ADMIN_KEY, chat, faultsOf, type ServedAdmin, servedAdmin } from "../../helpers/admin.ts";

interface Received {
	readonly id: string | undefined;
	readonly event: AdminEvent;
}

/** Opens a stream of events. */
async function opened(at: ServedAdmin, path = "/events", headers: Record<string, string> = {}) {
	const abort = new AbortController();
	const answer = await at.ask(path, { signal: abort.signal, headers });
	if (answer.body === null || answer.status !== 200) throw new Error(String(answer.status));
	const reader = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
	return {
		/** Returns the next events, or all up to the end of the stream. */
		async next(count: number): Promise<Received[]> {
			const received: Received[] = [];
			while (received.length < count) {
				const { value } = await reader.read();
				if (value === undefined) break;
				const event = JSON.parse(value.data) as AdminEvent;
				assert.is(value.event, event.type);
				assert.equal(faultsOf("AdminEvent", event), []);
				received.push({ id: value.id, event });
			}
			return received;
		},
		close: () => abort.abort(),
	};
}

const typesOf = (received: readonly Received[]): string[] => received.map(({ event }) => event.type);

test("decisions, changes of backends and reloads arrive in order", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	const events = await opened(at);
	await chat(at.host.client({ guest: "shop" }));
	await at.send("PATCH", "/backends/a", { draining: true, weight: 3 });
	await at.host.reload({ backends: { a: { kind: "stub" } }, host: { log_level: "silent" }, server: { admin_key_env: "ADMIN_KEY" } });
	const received = await events.next(4);
	assert.equal(
		received.map(({ event }) => (event.type === "backend" ? `${event.backend} ${event.change} ${event.detail ?? ""}` : event.type)),
		["decision", "a drain_started ", "a weight_changed 3", "reload"],
	);
	const [decision] = received;
	assert.is(decision?.event.type === "decision" && decision.event.decision.guest, "shop");
	events.close();
	await at.close();
});

test("the opening of a breaker arrives with its backend and its decision", async () => {
	const at = await servedAdmin({
		backends: { dead: { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: ["m"] } },
		router: { breaker: { consecutive_failures: 1 } },
	});
	const events = await opened(at, "/events?types=backend");
	await chat(at.host.client()).catch(() => undefined);
	const [received] = await events.next(1);
	const event = received?.event;
	assert.equal(event?.type === "backend" && [event.backend, event.operation, event.change], ["dead", "chat_completions", "breaker_opened"]);
	const decision = await at.json(`/decisions/${event?.type === "backend" ? event.decision_id : ""}`);
	assert.is(decision.status, "failed");
	events.close();
	await at.close();
});

test("a client that reconnects receives what it missed", async () => {
	const at = await servedAdmin({});
	const client = at.host.client();
	const first = await opened(at);
	await chat(client);
	const [received] = await first.next(1);
	first.close();
	await chat(client);
	await chat(client);
	const second = await opened(at, "/events", { "last-event-id": received?.id ?? "" });
	assert.equal(typesOf(await second.next(2)), ["decision", "decision"]);
	second.close();
	await at.close();
});

for (const id of ["of-another-process-1", "", "x", "-1", "9".repeat(400)]) {
	test(`a client with the id '${id.slice(0, 20)}' of no event of this process receives a gap of unknown length`, async () => {
		const at = await servedAdmin({});
		await chat(at.host.client());
		const events = await opened(at, "/events", { "last-event-id": id });
		await chat(at.host.client());
		const received = await events.next(id === "" ? 1 : 2);
		assert.equal(typesOf(received), id === "" ? ["decision"] : ["gap", "decision"]);
		if (id !== "") assert.is(received[0]?.event.type === "gap" && received[0].event.missed, undefined);
		events.close();
		await at.close();
	});
}

test("a client that was away for long receives the number of lost events", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	const first = await opened(at);
	at.host.override("a", { weight: 1 });
	const [received] = await first.next(1);
	first.close();
	for (let i = 0; i < 510; i++) at.host.override("a", { weight: i + 2 });
	const second = await opened(at, "/events", { "last-event-id": received?.id ?? "" });
	const [gap, next] = await second.next(2);
	assert.is(gap?.event.type === "gap" && gap.event.missed, 10);
	assert.is(next?.event.type === "backend" && next.event.detail, "12");
	second.close();
	await at.close();
});

test("the end of a server ends its streams of events at once", async () => {
	const at = await servedAdmin({});
	const events = await opened(at);
	const closing = at.server.close();
	assert.equal(await events.next(1), []);
	assert.is(await closing, 0);
	await at.host.close();
});

test("streams of events are bounded in number, and a closed one makes room", async () => {
	const at = await servedAdmin({});
	const streams = await Promise.all(Array.from({ length: 64 }, () => opened(at)));
	assert.is((await at.ask("/events")).status, 503);
	assert.is((await at.ask("/events", { method: "HEAD" })).status, 200);
	assert.is((await at.json("/status")).subscribers, 64);
	for (const stream of streams) stream.close();
	for (let tries = 0; tries < 200 && (await at.json("/status")).subscribers !== 0; tries++)
		await new Promise((resolve) => setTimeout(resolve, 10));
	assert.is((await at.json("/status")).subscribers, 0);
	const again = await opened(at);
	again.close();
	await at.close();
});

test("a stream that its client does not read holds a bounded number of events, and tells the loss", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	// Without a server between, nothing but the queue of the subscription holds events.
	const answer = await at.server.fetch(
		new Request("http://localhost/admin/v1/events", { headers: { authorization: `Bearer ${ADMIN_KEY}`, host: "localhost" } }),
	);
	const reader = answer.body?.getReader();
	await reader?.read();
	for (let i = 0; i < 2_000; i++) at.host.override("a", { weight: i + 2 });
	const text = new TextDecoder().decode((await reader?.read())?.value);
	assert.is(text.split("event: backend").length - 1, 500);
	assert.match(text, /"type":"gap","at_ms":\d+,"missed":1500/);
	await reader?.cancel();
	await at.close();
});

test.run();
