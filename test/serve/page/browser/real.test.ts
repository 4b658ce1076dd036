import OpenAI from "openai";
import { test as runnable } from "uvu";
import * as assert from "uvu/assert";
import { demoClock } from "../../../../src/serve/demo/recurring-upstream.ts";
import { type SimulatedModel, simulatedKind } from "../../../../src/serve/demo/simulated-kind.ts";
import { startDemo } from "../../../../src/serve/demo/start-demo.ts";
import { createServer } from "../../../../src/serve.ts";
import { seededRandom } from "../../../../src/time/random.ts";
import { BROWSER, closeBrowser } from "../../../helpers/browser.ts";
import { served } from "../../../helpers/served.ts";
import { openPage } from "./operator.ts";

if (BROWSER === undefined) console.log("SKIP the operator's page of a real server: `npm run fetch:test-browser` installs one");
const test = BROWSER === undefined ? runnable.skip : runnable;

const ADMIN_KEY = "an-admin-key-of-a-test";

const ANSWERS: SimulatedModel["upstream"] = { latency: { medianMs: 5, sigma: 0 } };
const HANGS: SimulatedModel["upstream"] = { ...ANSWERS, phases: [{ from: 0, to: 1e9, condition: { type: "hangs" } }] };
const DEAD: SimulatedModel["upstream"] = { ...ANSWERS, phases: [{ from: 0, to: 1e9, condition: { type: "dead" } }] };

/** What the running test has opened. */
const opened: { close(): Promise<unknown> }[] = [];
runnable.after.each(async () => {
	for (const each of opened.splice(0).reverse()) await each.close();
});

/** A real server and host, over upstreams that hang, are dead, drop a field or answer. The official client talks to it. */
async function startServer() {
	const operations = ["chat_completions"] as const;
	const models = new Map<string, SimulatedModel>([
		["hanging", { operations, upstream: HANGS }],
		["dead", { operations, upstream: DEAD }],
		["plain", { operations, upstream: ANSWERS, drops: { "params.seed": "the upstream has no seed" } }],
	]);
	const kind = simulatedKind({ models, cycleMs: 1e9, clock: demoClock(), random: seededRandom(1) });
	const at = await served(
		{
			server: { admin_key_env: "ADMIN_KEY" },
			router: { decision_log: { sample_percent: 100 }, max_attempts: 2 },
			routes: { chat_completions: { policy: "priority", hedge: { delay_ms: 60, budget_percent: 100 } } },
			backends: {
				hanging: { kind: "simulated", models: ["slow"] },
				dead: { kind: "simulated", models: ["broken"] },
				plain: { kind: "simulated", models: ["slow", "fine"], priority: 1, price: { input: 2, output: 10 } },
			},
		},
		{ ADMIN_KEY },
		{ kinds: [kind] },
	);
	opened.push(at);
	const client = new OpenAI({ baseURL: `${at.url}/v1`, apiKey: "none", maxRetries: 0 });
	const ask = (model: string, more: { seed?: number } = {}) =>
		client.chat.completions.create({ model, messages: [{ role: "user", content: "hello" }], ...more }).asResponse();
	return { at, ask };
}

test("requests of an OpenAI client show in the page as they end, and their header leads to their explanation", async () => {
	const { at, ask } = await startServer();
	const operator = await openPage(`${at.url}/`, { key: ADMIN_KEY });
	opened.push(operator);
	const { page, go } = operator;
	await page.locator("[data-connection=live]").waitFor();

	const startedAt = performance.now();
	const failed = await ask("broken").catch((thrown: unknown) => thrown);
	assert.instance(failed, OpenAI.APIError);
	await page.getByText(/^chat completions of .+ failed at dead: backend error$/).waitFor();
	console.log(`from the request of a client to its failure in the page: ${Math.round(performance.now() - startedAt)} ms`);

	const hedged = (await ask("slow")).headers.get("x-spear-decision");
	await go(`#/decisions/${hedged}`);
	await page.getByText(/^hanging had no output after \d+ ms, so a hedge was sent to plain\.$/).waitFor();
	await page.locator('[data-role="hedge"][data-outcome="won"]').waitFor();
	await page.locator('[data-candidate="rejected"]').getByText("does not serve the model").waitFor();

	const downgraded = (await ask("fine", { seed: 7 })).headers.get("x-spear-decision");
	await go(`#/decisions/${downgraded}`);
	await page.getByText("plain treated the request otherwise than asked: params.seed was dropped.").waitFor();
	await page.getByRole("row", { name: "params.seed dropped the upstream has no seed" }).waitFor();

	await go("#/errors");
	await page.getByText("ECONNREFUSED").first().waitFor();
	await go("#/traffic");
	await page.getByRole("rowheader", { name: "chat completions" }).waitFor();
	await page.getByRole("img", { name: /^Heat map of all requests/ }).waitFor();
	await go("#/overview");
	await page.locator('[data-backend="plain"][data-health="healthy"]').waitFor();

	assert.equal([operator.faults, await operator.violations()], [[], []]);
	assert.equal(
		operator.requests.filter((url) => !url.startsWith(at.url) && !url.startsWith("data:")),
		[],
	);
});

test("a wrong key and a server that ends are told", async () => {
	const { at } = await startServer();
	const operator = await openPage(`${at.url}/`, { key: "not-the-key-of-the-test" });
	opened.push(operator);
	const { page } = operator;
	await page.getByRole("alert").getByText("this is not the key of the admin API").waitFor();
	await page.getByLabel("Key", { exact: true }).fill(ADMIN_KEY);
	await page.keyboard.press("Enter");
	await page.locator("[data-connection=live]").waitFor();
	await at.close();
	await page.locator("[data-state=lost]").waitFor();
});

test("the demonstration says what it is, and fills every view", async () => {
	const demo = await startDemo({ adminKey: ADMIN_KEY });
	const server = createServer(demo.host, { isDemo: true });
	opened.push(demo, { close: () => server.close({ drainMs: 0 }) });
	const { url } = await server.listen({ port: 0 });
	const operator = await openPage(`${url}/`, { key: ADMIN_KEY });
	opened.push(operator);
	const { page, go } = operator;
	await page.getByText("DEMO", { exact: true }).waitFor();
	await page.locator('[data-backend="aurora-eu"]').waitFor();
	await go("#/decisions");
	await page.locator("[data-status=ok]").nth(3).waitFor();
	await go("#/budgets");
	await page.locator('[data-guest="nightly-batch"]').getByText("budget / hour").waitFor();
	assert.equal([operator.faults, await operator.violations()], [[], []]);
});

runnable.after(closeBrowser);

runnable.run();
