import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPrometheus } from "../../helpers/prometheus.ts";
import { served } from "../../helpers/served.ts";

const KEY = "the-key-of-an-admin-of-a-test";
const SERVER = { server: { admin_key_env: "ADMIN_KEY" } };
const RECORDED = { telemetry: { metrics: true } };

const test = suite("metrics of the server");

test("metrics need the key of the admin API, and a parser of their format reads them", async () => {
	const at = await served(SERVER, { ADMIN_KEY: KEY }, RECORDED);
	await at.host.client().call("embeddings", { input: ["red"] });
	const ask = (authorization: string) => fetch(`${at.url}/metrics`, { headers: { authorization } });
	assert.is((await fetch(`${at.url}/metrics`)).status, 401);
	assert.is((await ask("Bearer another-key-of-an-admin-of-a-test")).status, 401);
	const answer = await ask(`Bearer ${KEY}`);
	assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
	const names = [...readPrometheus(await answer.text()).keys()];
	assert.ok(names.includes("gen_ai_client_embeddings_duration_seconds"), names.join());
	assert.ok(names.includes("spear_requests_total"), names.join());
	await at.close();
});

test("metrics are public where the configuration says so, and absent where none are recorded", async () => {
	const at = await served({ server: { metrics_public: true } }, {}, RECORDED);
	assert.is((await fetch(`${at.url}/metrics`)).status, 200);
	await at.close();
	const without = await served({ server: { metrics_public: true } });
	const answer = await fetch(`${without.url}/metrics`);
	assert.is(answer.status, 404);
	assert.match(await answer.text(), /set metrics in \[telemetry\]/);
	await without.close();
});

test("without a key of the admin API there are no metrics", async () => {
	const at = await served({}, {}, RECORDED);
	const answer = await fetch(`${at.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } });
	assert.is(answer.status, 404);
	assert.match(await answer.text(), /admin_key_env/);
	await at.close();
});

test.run();
