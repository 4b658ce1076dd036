import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { answer, type Behaviour, OpenAiServer, sse } from "../helpers/openai-server.ts";
import { CANARY, describe, probe, probeComponent, startProbeHost } from "../helpers/probe-host.ts";
import { spear } from "../helpers/spear.ts";
import { keyEnvironment, keyNames, UNASSISTED } from "../helpers/unassisted.ts";

/** The upstream echoes the key of the environment wherever it can. The key must appear nowhere else. */

const ECHO = `Your key ${CANARY} (Bearer ${CANARY}) is not right`;
const chunk = (content: string): unknown => ({ id: CANARY, model: "m1", choices: [{ index: 0, delta: { content }, finish_reason: null }] });

/** Failures with the key in every place that an upstream controls. */
const ECHOES: readonly Behaviour[] = [
	answer.status(401, { error: { message: ECHO, type: CANARY, code: "invalid_api_key", param: CANARY } }, { "x-echo": CANARY }),
	answer.status(400, { error: { message: ECHO, param: CANARY } }),
	answer.status(429, { error: { message: ECHO } }, { "retry-after": CANARY }),
	answer.status(500, ECHO),
	answer.status(500, encodeURIComponent(ECHO)),
	answer.text(`{"${CANARY}`),
	answer.text(ECHO, { "content-type": `text/${CANARY}` }),
	answer.raw(`HTTP/1.1 ${CANARY} ${CANARY}\r\n\r\n`),
	answer.disconnect(),
	answer.stream(Buffer.from(`data: {"error": {"message": ${JSON.stringify(ECHO)}}}\n\n`)),
	answer.stream(Buffer.concat([sse([chunk("a")], { done: false }), Buffer.from(`data: ${CANARY}\n\n`)])),
];

const KEYS = keyNames("CANARY_KEY");

test("no error, explanation, event or log line contains the key when the upstream echoes it", async () => {
	const probeHost = await startProbeHost();
	const instance = await probeHost.instance();
	for (const echo of ECHOES) {
		probeHost.server.script(echo, echo);
		const outcomes = await probe(instance, { do: "complete" }, { do: "stream" });
		assert.not.match(describe(outcomes), CANARY);
	}
	assert.is(probeHost.server.requests.length, 2 * ECHOES.length);
	assert.is(probeHost.server.requests[0]?.headers.authorization, `Bearer ${CANARY}`);
	assert.ok(probeHost.logged.length >= ECHOES.length);
	assert.not.match(describe(probeHost.logged), CANARY);
	assert.not.match(describe(probeHost.events), CANARY);
	assert.not.match(describe(probeHost.host.backends()), CANARY);
	await instance.close();
	await probeHost.close();
});

test("an error that reaches the embedder contains no key, also not in its causes", async () => {
	const server = await OpenAiServer.start(...ECHOES);
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			router: UNASSISTED,
			backends: { up: { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: KEYS, models: ["m"] } },
		},
		env: keyEnvironment(KEYS, CANARY),
	});
	const agent = await host.load(await probeComponent());
	for (let index = 0; index < ECHOES.length; index++) {
		const errors: SpearError[] = [];
		await agent.run(JSON.stringify([{ do: "complete" }]), {
			onEvent: (event) => {
				if (event.type === "decision" && event.error !== undefined) errors.push(event.error);
			},
		});
		assert.is(errors.length, 1, `echo ${index} gave no error`);
		assert.not.match(describe(errors), CANARY);
	}
	await host.close();
	await server.close();
});

test("a key in the configuration is refused without being repeated", async () => {
	const config = { backends: { up: { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", api_key_env: CANARY } } };
	try {
		await createHost({ config });
		assert.unreachable();
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		assert.match(describe(thrown), "backends.up.api_key_env");
		assert.not.match(describe(thrown), CANARY);
	}
});

test("the command line prints no key with every option that prints more", async () => {
	const server = await OpenAiServer.start(...ECHOES);
	const config = join(scratch(), "canary.toml");
	await writeFile(
		config,
		`[host]\nlog_level = "trace"\ncache_dir = ${JSON.stringify(scratch())}\n[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\napi_key_env = ${JSON.stringify(KEYS)}\nmodels = ["m1"]\n[router]\nmax_attempts = 1\nbreaker.consecutive_failures = 100\n`,
	);
	const commands = JSON.stringify([...ECHOES.map(() => ({ do: "complete" })), { do: "log", message: `I guess ${CANARY}` }]);
	const args = ["run", await probeComponent(), "--config", config, "--input", commands, "--explain", "--transcript"];
	const { stdout, stderr } = await spear(args, { env: keyEnvironment(KEYS, CANARY) });
	const printed = stdout + stderr;
	await server.close();
	assert.match(printed, "backend_error");
	assert.match(printed, "[redacted]");
	assert.not.match(printed, CANARY);
});

test.run();
