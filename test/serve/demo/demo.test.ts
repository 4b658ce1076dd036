import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { createHost } from "../../../src/host/create-host.ts";
import { DEMO_CONFIG, DEMO_MODELS } from "../../../src/serve/demo/demo-config.ts";
import { sendDemoTraffic } from "../../../src/serve/demo/demo-traffic.ts";
import { demoClock, RecurringUpstream } from "../../../src/serve/demo/recurring-upstream.ts";
import { type SimulatedModel, simulatedKind } from "../../../src/serve/demo/simulated-kind.ts";
import { startDemo } from "../../../src/serve/demo/start-demo.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

const test = suite("demonstration");
const never = new AbortController().signal;

test("the incidents of an upstream recur in each cycle", async () => {
	const clock = new FakeClock();
	const model = {
		latency: { medianMs: 5, sigma: 0 },
		phases: [{ from: 100, to: 200, condition: { type: "status" as const, status: 503 } }],
	};
	const upstream = new RecurringUpstream(model, 1_000, clock, seededRandom(1));
	const outcomeAt = async (ms: number): Promise<string> => {
		clock.pass(ms - clock.now());
		const served = upstream.serve(never).then(
			() => "answered",
			(thrown: unknown) => SpearError.from(thrown).code,
		);
		clock.pass(100);
		return served;
	};
	const outcomes = [];
	for (const at of [0, 150, 500, 1_000, 1_150, 3_150, 3_500]) outcomes.push(await outcomeAt(at));
	assert.equal(outcomes, ["answered", "backend_error", "answered", "answered", "backend_error", "backend_error", "answered"]);
});

test("every configured backend has a model, and the configuration is one that a host accepts", async () => {
	assert.equal(Object.keys(DEMO_CONFIG.backends ?? {}).sort(), [...DEMO_MODELS.keys()].sort());
	const demo = await startDemo({ adminKey: "a-key-for-the-tests" });
	assert.is(demo.adminKey, "a-key-for-the-tests");
	assert.ok(demo.host.serving().adminDigest !== undefined);
	assert.equal(demo.host.serving().faults, []);
	await demo.close();
});

test("two demonstrations have keys of their own", async () => {
	const [one, other] = await Promise.all([startDemo(), startDemo()]);
	assert.is.not(one.adminKey, other.adminKey);
	await Promise.all([one.close(), other.close()]);
});

/** A host with the configuration of the demonstration, whose upstreams answer at once or as `models` say. */
async function hostOf(models: Readonly<Record<string, Partial<SimulatedModel>>> = {}) {
	const fast = [...DEMO_MODELS].map(([name, model]): [string, SimulatedModel] => {
		return [name, { ...model, upstream: { latency: { medianMs: 1, sigma: 0 } }, ...models[name] }];
	});
	const kind = simulatedKind({ models: new Map(fast), cycleMs: 1e9, clock: demoClock(), random: seededRandom(2) });
	return createHost({ config: DEMO_CONFIG, kinds: [kind], env: { SPEAR_DEMO_ADMIN_KEY: "a-key-for-the-tests" } });
}

test("simulated traffic reaches the router as requests of its guests", async () => {
	const host = await hostOf();
	const abort = new AbortController();
	// Gaps of a thousandth: a uniform number near 0 gives a short gap of the Poisson process.
	const random = seededRandom(3);
	const traffic = sendDemoTraffic(host, () => random() / 1_000, abort.signal);
	const operations = (): string[] => [...new Set(host.decisions().map(({ operation }) => operation))].sort();
	const hasDowngrade = (): boolean =>
		host.decisions().some(({ explanation }) => explanation.downgrades?.some(({ field }) => field === "params.frequency_penalty"));
	while (operations().length < 3 || !hasDowngrade()) await new Promise((resolve) => setTimeout(resolve, 5));
	abort.abort();
	await traffic;
	assert.equal(operations(), ["chat_completions", "embeddings", "speech_to_text"]);
	await host.close();
});

test("a hung upstream is hedged, and the answer says what was emulated and dropped", async () => {
	const hangs: Partial<SimulatedModel> = {
		upstream: { latency: { medianMs: 1, sigma: 0 }, phases: [{ from: 0, to: 1e9, condition: { type: "hangs" } }] },
	};
	const host = await hostOf({ "aurora-eu": hangs });
	const client = host.client({ guest: "shop-assistant" });
	const { backend } = await client.call(
		"chat_completions",
		{
			model: "aurora-large",
			messages: [{ role: "user", content: [{ type: "text", text: "hi" }], tool_calls: [] }],
			tools: [],
			params: { stop: [], seed: 1 },
		},
		{ routing: { allowlist: [], denylist: ["aurora-us"], preferred: ["aurora-eu"] } },
	);
	assert.is(backend.instance, "borealis");
	const [decision] = host.decisions();
	assert.ok(decision?.attempts.some(({ role }) => role === "hedge"));
	assert.equal(decision?.explanation.downgrades, [{ field: "params.seed", effect: "dropped", detail: "the upstream has no seed" }]);
	await host.close();
});

test.run();
