/** Answers of the admin API, each held to its type in the OpenAPI document. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { currentOpenApi } from "../../../scripts/write-admin-api.ts";
import type { Config } from "../../../src/index.ts";
import openApi from "../../../src/serve/admin/openapi.json" with { type: "json" };
import { ADMIN_OPERATIONS } from "../../../src/serve/admin/operations.ts";
import { chat, faultsOf, servedAdmin } from "../../helpers/admin.ts";

const DEAD = { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: ["m"] };
/** A backend that cannot be reached is tried first, so that requests fall back. */
const FALLBACK: Config = {
	backends: {
		dead: { ...DEAD, priority: 0 },
		good: { kind: "stub", models: ["m"], priority: 1, limits: { requests_per_minute: 100, concurrency: 3 } },
	},
	guests: { shop: { requests_per_minute: 50, tokens_per_minute: 9_000, concurrency: 2, budget: { amount: 2, per: "month" } } },
};

test("the OpenAPI document is made of the types and functions of the API", () => {
	assert.equal(JSON.parse(currentOpenApi()), openApi, "run `npm run admin-api -- --write` and review the difference");
});

test("the OpenAPI document is valid", async () => {
	const { valid, errors } = await new Validator().validate(structuredClone(openApi));
	assert.ok(valid, JSON.stringify(errors));
});

test("every answer is as the OpenAPI document says", async () => {
	const at = await servedAdmin(FALLBACK);
	const client = at.host.client({ guest: "shop" });
	for (let i = 0; i < 8; i++) await chat(client, "m");
	await chat(client, "\u0000strange\u202emodel").catch(() => undefined);
	await chat(at.host.client());
	const checked = new Set<string>();
	for (const [id, { method, path, ...operation }] of Object.entries(ADMIN_OPERATIONS)) {
		if (method !== "GET" || !("answer" in operation) || "answerType" in operation) continue;
		const decisions = (await at.json("/decisions")).decisions as { id: string }[];
		for (const { id: decision } of path.includes("{id}") ? decisions : [{ id: "" }]) {
			assert.equal(faultsOf(operation.answer, await at.json(path.replace("{id}", decision))), [], id);
		}
		checked.add(id);
	}
	for (const query of ["?by=backend", "?by=guest&resolution=1m", "?by=operation&latency=false&columns=3"])
		assert.equal(faultsOf("Traffic", await at.json(`/traffic${query}`)), []);
	assert.equal(faultsOf("Backend", await (await at.send("PATCH", "/backends/good", { weight: 2 })).json()), []);
	assert.equal(faultsOf("ReloadAnswer", await (await at.send("POST", "/reload", { dry_run: true })).json()), []);
	for (const path of ["/decisions/none", "/nothing", "/decisions?limit=0"])
		assert.equal(faultsOf("ErrorAnswer", await (await at.ask(path)).json()), []);
	assert.equal([...checked].sort(), [
		"getCluster",
		"getDecision",
		"getStatus",
		"getTraffic",
		"listAgents",
		"listBackends",
		"listDecisions",
		"listErrors",
		"listGuests",
		"listRuns",
	]);
	await at.close();
});

test("a request that fell back is told with its attempts, and its failure with the backend", async () => {
	const at = await servedAdmin(FALLBACK);
	await chat(at.host.client({ guest: "shop" }), "m");
	const [summary] = (await at.json("/decisions?guest=shop&status=ok")).decisions as Record<string, unknown>[];
	assert.equal(
		{ backend: summary?.backend, attempts: summary?.attempts, retried: summary?.retried, hedged: summary?.hedged, model: summary?.model },
		{ backend: "good", attempts: 2, retried: true, hedged: false, model: "m" },
	);
	const decision = await at.json(`/decisions/${summary?.id}`);
	const timeline = decision.timeline as { backend: string; role: string; failure?: string }[];
	assert.equal(
		timeline.map(({ backend, role, failure }) => [backend, role, failure]),
		[
			["dead", "first", "backend_error"],
			["good", "fallback", undefined],
		],
	);
	const [error] = (await at.json("/errors")).errors as Record<string, unknown>[];
	assert.equal(
		{ backend: error?.backend, attribution: error?.attribution, causes: error?.causes, count: error?.count, guest: error?.last_guest },
		{ backend: "dead", attribution: "connection", causes: ["ECONNREFUSED"], count: 1, guest: "shop" },
	);
	const { series } = await at.json("/traffic?by=backend&columns=10");
	assert.equal(
		(series as { name: string; requests: number[]; errors: number[] }[]).map(({ name, requests, errors }) => [
			name,
			requests.reduce((sum, each) => sum + each, 0),
			errors.reduce((sum, each) => sum + each, 0),
		]),
		[
			["dead", 1, 1],
			["good", 1, 0],
		],
	);
	await at.close();
});

test("a backend is disabled, drained, weighted and reset", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub", weight: 2 }, b: { kind: "stub" } } });
	const change = async (body: unknown): Promise<unknown[]> => {
		const answer = await at.send("PATCH", "/backends/a", body);
		const { health, enabled, draining, weight } = (await answer.json()) as Record<string, unknown>;
		return [answer.status, health, enabled, draining, weight];
	};
	assert.equal(await change({ enabled: false }), [200, "disabled", false, false, 2]);
	assert.equal(await change({ enabled: null, draining: true }), [200, "draining", true, true, 2]);
	assert.equal(await change({ draining: false, weight: 0.5 }), [200, "healthy", true, false, 0.5]);
	assert.equal(await change({ weight: null }), [200, "healthy", true, false, 2]);
	await at.close();
});

for (const [method, path, body, status, param] of [
	["PATCH", "/backends/a", { enabled: "no" }, 400, "enabled"],
	["PATCH", "/backends/a", { weight: -1 }, 400, "weight"],
	["PATCH", "/backends/a", { weight: 1e9 }, 400, "weight"],
	["PATCH", "/backends/a", { wieght: 1 }, 400, "wieght"],
	["PATCH", "/backends/z", {}, 404, undefined],
	["POST", "/reload", { dry_run: 1 }, 400, "dry_run"],
	["POST", "/status", {}, 405, undefined],
	["DELETE", "/backends/a", {}, 405, undefined],
	["GET", "/decisions?limit=501", undefined, 400, "limit"],
	["GET", "/decisions?limit=1&limit=2", undefined, 400, "limit"],
	["GET", "/decisions?nothing=1", undefined, 400, "nothing"],
	["GET", "/decisions?__proto__=1", undefined, 400, "__proto__"],
	["GET", `/decisions?guest=${"x".repeat(301)}`, undefined, 400, "guest"],
	["GET", "/decisions?hedged=yes", undefined, 400, "hedged"],
	["GET", "/decisions?cursor=1e3", undefined, 400, "cursor"],
	["GET", "/traffic?columns=361", undefined, 400, "columns"],
	["GET", "/events?types=decision,x", undefined, 400, "types"],
] as const) {
	test(`${method} ${path.slice(0, 40)} ${JSON.stringify(body) ?? ""} is refused with ${status}`, async () => {
		const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
		const answer = body === undefined ? await at.ask(path) : await at.send(method, path, body);
		const { error } = (await answer.json()) as { error: { param?: string } };
		assert.equal([answer.status, error.param], [status, param]);
		await at.close();
	});
}

test("pages of decisions follow one another without a gap or a repetition", async () => {
	const at = await servedAdmin({});
	const client = at.host.client();
	for (let i = 0; i < 25; i++) await chat(client);
	const seen: number[] = [];
	let cursor: unknown = "";
	while (cursor !== undefined) {
		const page = await at.json(`/decisions?limit=10${cursor === "" ? "" : `&cursor=${cursor}`}`);
		seen.push(...(page.decisions as { sequence: number }[]).map(({ sequence }) => sequence));
		cursor = page.next_cursor;
	}
	assert.equal(
		seen,
		Array.from({ length: 25 }, (_, index) => 25 - index),
	);
	await at.close();
});

test("a reload of a faulty file names each fault, and changes nothing", async () => {
	const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
	const { tmpdir } = await import("node:os");
	const { join } = await import("node:path");
	const folder = mkdtempSync(join(tmpdir(), "spear-admin-"));
	const file = join(folder, "spear.toml");
	const head = '[server]\nadmin_key_env = "ADMIN_KEY"\n[host]\nlog_level = "silent"\n';
	writeFileSync(file, `${head}[backends.a]\nkind = "stub"\n`);
	const at = await servedAdmin({}, {}, { config: file });
	writeFileSync(file, `${head}[backends.a]\nkind = "stab"\n`);
	const faulty = await at.send("POST", "/reload", {});
	const { error } = (await faulty.json()) as { error: { code: string; faults: { path: string; line: number }[] } };
	assert.equal(
		[faulty.status, error.code, error.faults.map(({ path, line }) => [path, line])],
		[422, "invalid_config", [["backends.a.kind", 6]]],
	);
	assert.equal(faultsOf("ErrorAnswer", { error }), []);
	writeFileSync(file, `${head}[backends.a]\nkind = "stub"\nweight = 3\n[backends.b]\nkind = "stub"\n`);
	const dry = (await (await at.send("POST", "/reload", { dry_run: true })).json()) as { applied: boolean; diff: { backends: unknown } };
	assert.equal([dry.applied, dry.diff.backends], [false, { added: ["b"], removed: [], changed: ["a"] }]);
	assert.is(((await at.json("/backends")).backends as unknown[]).length, 1);
	await at.send("POST", "/reload", {});
	assert.is(((await at.json("/backends")).backends as unknown[]).length, 2);
	await at.close();
	rmSync(folder, { recursive: true });
});

test.run();
