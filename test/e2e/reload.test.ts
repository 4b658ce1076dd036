import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, type AgentInstance, type Config, ConfigError, type Host, type Logger } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { answer, type Behaviour, OpenAiServer } from "../helpers/openai-server.ts";
import { probe, probeComponent } from "../helpers/probe-host.ts";
import { spear } from "../helpers/spear.ts";

/** Reloads of the configuration while guests run. */
const test = suite("reload");

const SAYS = {
	id: "c",
	object: "chat.completion",
	model: "m",
	choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
};
const COMPLETE = { do: "complete" } as const;

interface Setting {
	readonly host: Host;
	readonly agent: Agent;
	readonly servers: readonly OpenAiServer[];
	/** Every line of the host's log. */
	readonly logged: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
	/** Resolves with the fields of the first line whose message contains this text. */
	line(message: string): Promise<Readonly<Record<string, unknown>>>;
	readonly env: Record<string, string>;
}

/** Runs a test with a host and `upstreams` scripted servers. `configure` returns the configuration for their addresses. */
async function withHost(
	upstreams: number,
	configure: (urls: readonly string[]) => Config | string,
	run: (setting: Setting) => Promise<void>,
): Promise<void> {
	const servers = await Promise.all(Array.from({ length: upstreams }, () => OpenAiServer.start()));
	const logged: Setting["logged"] = [];
	const waiting: (() => void)[] = [];
	const write = (fields: Readonly<Record<string, unknown>>, message: string): void => {
		logged.push({ message, fields });
		for (const wake of waiting.splice(0)) wake();
	};
	const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write };
	const env = { OLD_KEY: "key-of-old", NEW_KEY: "key-of-new" };
	const config = configure(servers.map(({ baseUrl }) => baseUrl));
	const host = await createHost({ config, env, logger, watch: typeof config === "string" });
	try {
		await run({
			host,
			agent: await host.load(await probeComponent()),
			servers,
			logged,
			env,
			async line(message) {
				for (;;) {
					const found = logged.find((entry) => entry.message.includes(message));
					if (found !== undefined) return found.fields;
					await new Promise<void>((resolve) => waiting.push(resolve));
				}
			},
		});
	} finally {
		await host.close();
		await Promise.all(servers.map((server) => server.close()));
	}
}

function backend(base_url: string, more: Partial<NonNullable<Config["backends"]>[string]> = {}): NonNullable<Config["backends"]>[string] {
	return { kind: "openai-compatible", base_url, models: ["m"], ...more };
}

const CACHE = { host: { cache_dir: scratch() } };
const BY_WEIGHT: Config["routes"] = { chat_completions: { policy: "weighted_round_robin" } };

function endless(behaviour: Behaviour): Behaviour[] {
	return Array.from({ length: 5_000 }, () => behaviour);
}

test("a reload under load fails no request, rotates keys and applies weights from the next decision", async () => {
	const configure =
		(key: string, weights: readonly [number, number], third: boolean) =>
		([a = "", b = "", c = ""]: readonly string[]): Config => ({
			...CACHE,
			router: { max_attempts: 1 },
			routes: BY_WEIGHT,
			backends: {
				a: backend(a, { api_key_env: key, weight: weights[0] }),
				b: backend(b, { api_key_env: key, weight: weights[1] }),
				...(third ? { c: backend(c, { api_key_env: key }) } : {}),
			},
		});
	await withHost(3, configure("OLD_KEY", [1, 1], true), async ({ host, agent, servers }) => {
		for (const server of servers) server.script(...endless(answer.json(SAYS)));
		const urls = servers.map(({ baseUrl }) => baseUrl);
		const instances = await Promise.all(Array.from({ length: 4 }, () => agent.instantiate()));
		let reloads = 0;
		let ended = false;
		const outcomes: unknown[] = [];
		const load = Promise.all(
			instances.map(async (instance: AgentInstance) => {
				for (let round = 0; round < 30; round++) outcomes.push(...(await probe(instance, ...Array.from({ length: 5 }, () => COMPLETE))));
			}),
		).finally(() => {
			ended = true;
		});
		while (!ended) {
			const odd = reloads % 2 === 0;
			await host.reload(configure(odd ? "NEW_KEY" : "OLD_KEY", odd ? [3, 1] : [1, 1], !odd)(urls));
			reloads += 1;
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await load;
		assert.is(outcomes.length, 600);
		assert.equal(
			outcomes.filter((outcome) => JSON.stringify(outcome).includes('"err"')),
			[],
		);
		assert.ok(reloads >= 3, `there were only ${reloads} reloads`);

		await host.reload(configure("NEW_KEY", [3, 1], false)(urls));
		const before = servers.map(({ requests }) => requests.length);
		const [instance] = instances;
		assert.ok(instance);
		await probe(instance, ...Array.from({ length: 40 }, () => COMPLETE));
		const after = servers.map(({ requests }, index) => requests.slice(before[index]));
		assert.equal(
			after.map(({ length }) => length),
			[30, 10, 0],
		);
		assert.equal([...new Set(after.flat().map(({ headers }) => headers.authorization))], ["Bearer key-of-new"]);
		await Promise.all(instances.map((open) => open.close()));
	});
});

test("a request in flight ends at its removed backend, which is closed after it", async () => {
	const configure =
		(names: readonly string[]) =>
		(urls: readonly string[]): Config => ({
			...CACHE,
			backends: Object.fromEntries(names.map((name, index) => [name, backend(urls[index === 0 && name === "new" ? 1 : index] ?? "")])),
		});
	await withHost(2, configure(["old"]), async ({ host, agent, servers: [old, fresh] }) => {
		assert.ok(old && fresh);
		const answered = Promise.withResolvers<void>();
		old.script(async (response, request) => {
			await answered.promise;
			await answer.json(SAYS)(response, request);
		});
		const instance = await agent.instantiate();
		const running = probe(instance, COMPLETE, COMPLETE);
		await old.request(0);
		const { added, removed, replaced, kept, applied } = await host.reload(configure(["new"])([old.baseUrl, fresh.baseUrl]));
		assert.equal({ added, removed, replaced, kept, applied }, { added: ["new"], removed: ["old"], replaced: [], kept: [], applied: true });
		assert.is(old.openSockets, 1);
		fresh.script(answer.json(SAYS));
		answered.resolve();
		assert.ok((await running).every(({ err }) => err === undefined));
		assert.equal({ old: old.requests.length, fresh: fresh.requests.length }, { old: 1, fresh: 1 });
		await old.quiet();
		await instance.close();
	});
});

test("a backend with unchanged connection settings keeps its circuit breaker over a reload", async () => {
	const configure =
		(weight: number, models: string[]) =>
		([a = "", b = ""]: readonly string[]): Config => ({
			...CACHE,
			router: { max_attempts: 2, retry_budget_percent: 0, breaker: { consecutive_failures: 2, base_open_ms: 600_000 } },
			routes: { chat_completions: { policy: "priority" } },
			backends: { a: backend(a, { weight }), b: backend(b, { models }) },
		});
	await withHost(2, configure(1, ["m"]), async ({ host, agent, servers }) => {
		const [a, b] = servers;
		assert.ok(a && b);
		const urls = servers.map(({ baseUrl }) => baseUrl);
		a.script(answer.status(500), answer.status(500), answer.json(SAYS));
		b.script(...endless(answer.json(SAYS)));
		const instance = await agent.instantiate();
		await probe(instance, COMPLETE, COMPLETE, COMPLETE);
		assert.is(a.requests.length, 2);
		const report = await host.reload(configure(5, ["m", "other"])(urls));
		const { kept, replaced } = report;
		assert.equal({ kept, replaced }, { kept: ["a"], replaced: ["b"] });
		await probe(instance, COMPLETE);
		// The breaker of `a` is still open.
		assert.is(a.requests.length, 2);
		await instance.close();
	});
});

test("prices and limits change without replacing the backend", async () => {
	const configure =
		(input: number) =>
		([a = ""]: readonly string[]): Config => ({
			...CACHE,
			backends: { a: backend(a, { models: [{ name: "m", upstream: "u", price: { input }, limits: { context_tokens: 1_000 + input } }] }) },
		});
	await withHost(1, configure(1), async ({ host, servers: [a] }) => {
		const { kept, replaced } = await host.reload(configure(2)([a?.baseUrl ?? ""]));
		assert.equal({ kept, replaced }, { kept: ["a"], replaced: [] });
	});
});

test("an invalid configuration is refused with every fault, and the current one stays", async () => {
	await withHost(
		1,
		([a = ""]) => ({ ...CACHE, backends: { a: backend(a) } }),
		async ({ host, agent, servers: [a] }) => {
			const bad: Config = { backends: { a: { kind: "openai-compatible" }, b: { kind: "no-such-kind" } } };
			const refused: unknown = await host.reload(bad).catch((thrown: unknown) => thrown);
			assert.instance(refused, ConfigError);
			assert.match(String(refused), "no backend kind is named 'no-such-kind'");
			const halfway: unknown = await host.reload({ backends: { a: { kind: "openai-compatible" } } }).catch((thrown: unknown) => thrown);
			assert.match(String(halfway), "backends.a.base_url: is missing");
			a?.script(answer.json(SAYS));
			const instance = await agent.instantiate();
			const [outcome] = await probe(instance, COMPLETE);
			assert.is(outcome?.err, undefined);
			await instance.close();
		},
	);
});

test("a watched file is reloaded when its text is valid, and an invalid text is logged", async () => {
	// Behind a symbolic link, as in a container with a mounted configuration.
	const [path, target] = [join(scratch(), "watched.toml"), join(scratch(), "elsewhere", "spear.toml")];
	await mkdir(dirname(target));
	await symlink(target, path);
	const text = (url: string, weight: number, more = ""): string =>
		`[host]\ncache_dir = ${JSON.stringify(scratch())}\n[backends.a]\nkind = "openai-compatible"\nbase_url = "${url}"\nweight = ${weight}\n${more}`;
	const server = await OpenAiServer.start();
	await writeFile(target, text(server.baseUrl, 1));
	await withHost(
		0,
		() => path,
		async ({ host, line }) => {
			await writeFile(target, text(server.baseUrl, 7));
			const { kept } = await line("the configuration was reloaded");
			assert.equal(kept, ["a"]);
			assert.is(host.backends()[0]?.weight, 7);
			// An empty file is a write in progress, and must not be loaded. No event tells that a file was ignored, so this waits for a while.
			await writeFile(target, "");
			await new Promise((resolve) => setTimeout(resolve, 300));
			assert.equal(
				host.backends().map(({ name, weight }) => [name, weight]),
				[["a", 7]],
			);
			await writeFile(target, text(server.baseUrl, 9, "wieght = 3\n"));
			const { faults } = await line("is refused, the configuration before it stays in use");
			assert.equal(faults, [`${path}:7:1: backends.a.wieght: no such key; did you mean 'weight'?`]);
			assert.is(host.backends()[0]?.weight, 7);
		},
	);
	await server.close();
});

test("SIGHUP makes `spear run --watch` reload its configuration", async () => {
	const path = join(scratch(), "hangup.toml");
	const text = (url: string, key: string): string =>
		`[host]\nlog_level = "info"\ncache_dir = ${JSON.stringify(scratch())}\n[backends.up]\nkind = "openai-compatible"\nbase_url = "${url}"\napi_key_env = "${key}"\nmodels = ["m"]\n`;
	const server = await OpenAiServer.start();
	await writeFile(path, text(server.baseUrl, "OLD_KEY"));
	const reloaded = Promise.withResolvers<void>();
	let pid: number | undefined;
	server.script(async (response, request) => {
		await writeFile(path, text(server.baseUrl, "NEW_KEY"));
		if (pid !== undefined) process.kill(pid, "SIGHUP");
		await reloaded.promise;
		await answer.json(SAYS)(response, request);
	}, answer.json(SAYS));
	const args = ["run", await probeComponent(), "--config", path, "--watch", "--input", JSON.stringify([COMPLETE, COMPLETE])];
	const { code, stderr } = await spear(args, {
		env: { OLD_KEY: "key-of-old", NEW_KEY: "key-of-new" },
		onStart: (child) => {
			pid = child.pid;
			child.stderr?.on("data", (data: Buffer) => {
				if (data.toString().includes("the configuration was reloaded")) reloaded.resolve();
			});
		},
	});
	await server.close();
	assert.is(code, 0, stderr);
	assert.equal(
		server.requests.map(({ headers }) => headers.authorization),
		["Bearer key-of-old", "Bearer key-of-new"],
	);
});

test.run();
