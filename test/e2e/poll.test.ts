import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/index.ts";
import type { Behaviour } from "../helpers/openai-server.ts";
import { cut, sse } from "../helpers/openai-server.ts";
import { probe, startProbeHost } from "../helpers/probe-host.ts";

function chunksOf(name: string): Buffer[] {
	const delta = (text: string, finish: string | null = null): unknown => ({
		id: name,
		model: name,
		choices: [{ index: 0, delta: { content: text }, finish_reason: finish }],
	});
	const bytes = sse([delta("1"), delta("2"), delta("3"), delta("", "stop")]);
	const starts = [...bytes.toString().matchAll(/data: /g)].map((match) => match.index).slice(1);
	return cut(bytes, starts);
}

/** Streams whose chunks the test releases one after another. */
class Gate {
	readonly #waiting: (() => void)[] = [];
	#permits = 0;

	readonly behaviour =
		(parts: readonly Buffer[]): Behaviour =>
		async (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			for (const part of parts) {
				await this.#permit();
				response.write(part);
			}
			response.end();
		};

	release(count: number): void {
		this.#permits += count;
		while (this.#permits > 0 && this.#waiting.length > 0) {
			this.#permits -= 1;
			this.#waiting.shift()?.();
		}
	}

	#permit(): Promise<void> {
		if (this.#permits > 0) {
			this.#permits -= 1;
			return Promise.resolve();
		}
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
}

function textsOf(order: readonly string[], model: string): string[] {
	return order.filter((item) => item.startsWith(model));
}

test("two streams of one guest are read in the order of their events while the event loop of the host runs", async () => {
	const probeHost = await startProbeHost();
	const gates = { m1: new Gate(), m2: new Gate() };
	const serve: Behaviour = (response, request) => {
		const model = request.body.includes('"m1"') ? "m1" : "m2";
		return gates[model].behaviour(chunksOf(model))(response, request);
	};
	probeHost.server.script(serve, serve);
	const seen: string[] = [];
	const instance = await probeHost.instance({
		onEvent: (event) => {
			if (event.type !== "stream-event") return;
			seen.push(event.event.type);
			// Each event releases the next chunk on the other stream, so that the events alternate strictly.
			script.shift()?.();
		},
	});
	const script = [
		() => gates.m2.release(1),
		() => gates.m1.release(1),
		() => gates.m2.release(1),
		() => gates.m1.release(1),
		() => gates.m2.release(1),
		() => gates.m1.release(2),
		() => gates.m2.release(2),
	];
	let ticks = 0;
	const ticker = setInterval(() => {
		ticks += 1;
		if (ticks === 20) gates.m1.release(1);
	}, 5);
	try {
		const [outcome] = await probe(instance, { do: "multiplex", models: ["m1", "m2"] });
		assert.ok(ticks >= 20, `only ${ticks} ticks while the guest waited`);
		assert.ok(outcome?.ok, JSON.stringify(outcome));
		const { order, polls } = JSON.parse(JSON.stringify(outcome?.ok));
		const alternating = ["m1:1", "m2:1", "m1:2", "m2:2", "m1:3", "m2:3", "m1:completed", "m2:completed"];
		assert.is(order[0], "m1:1");
		// The host reads ahead: a guest that gets its turn late may find several events of one stream when it looks.
		for (const model of ["m1:", "m2:"]) assert.equal(textsOf(order, model), textsOf(alternating, model));
		assert.ok(polls >= 2, `${polls} polls: the guest did not wait between events`);
	} finally {
		clearInterval(ticker);
		await instance.close();
		await probeHost.close();
	}
});

test("a wait for a timer ends with the timer or with an abort", async () => {
	const probeHost = await startProbeHost();
	const controller = new AbortController();
	const instance = await probeHost.instance({ signal: controller.signal });
	assert.equal(await probe(instance, { do: "sleep", ms: 5 }), [{ ok: "slept" }]);
	const run = probe(instance, { do: "sleep", ms: 60_000 });
	setTimeout(() => controller.abort(), 10);
	const [outcome] = await Promise.allSettled([run]);
	assert.ok(outcome?.status === "rejected" && SpearError.from(outcome.reason).code === "cancelled");
	await instance.close();
	await probeHost.close();
});

test.run();
