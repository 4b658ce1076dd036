import type { ChildProcess } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assemble, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { type SpearResult, spear } from "../../helpers/spear.ts";

/** `spear serve` as a process of its own. */
const test = suite("spear serve");

async function file(name: string, content: string | Uint8Array): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "serve-")), name);
	await writeFile(path, content);
	return path;
}

/** Starts the command, calls `act` with the URL when it listens, and resolves when the process has ended. */
async function serve(args: readonly string[], act: (url: string, child: ChildProcess) => Promise<void>): Promise<SpearResult> {
	let acted: Promise<void> | undefined;
	const result = await spear(["serve", "--port", "0", "--json", ...args], {
		onStart(child) {
			let printed = "";
			child.stdout?.on("data", (data: Buffer) => {
				printed += data;
				if (acted !== undefined || !printed.endsWith("\n")) return;
				acted = act(JSON.parse(printed).url, child).catch((thrown: unknown) => {
					child.kill("SIGKILL");
					throw thrown;
				});
				acted.catch(() => {});
			});
		},
	});
	await acted;
	return result;
}

function ask(url: string, stream = false, signal?: AbortSignal): Promise<Response> {
	const body = JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "x" }] });
	const headers = { "content-type": "application/json" };
	return fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body, ...(signal === undefined ? {} : { signal }) });
}

async function configFor(upstream: OpenAiServer, more = ""): Promise<string> {
	return file("spear.toml", `[backends.up]\nkind = "openai-compatible"\nbase_url = "${upstream.baseUrl}"\nmodels = ["m"]\n${more}`);
}

test("it prints its address as JSON, and ends with 0 at SIGTERM", async () => {
	const { code, stdout } = await serve([], async (url, child) => {
		assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
		assert.is((await fetch(`${url}/healthz`)).status, 200);
		child.kill("SIGTERM");
	});
	assert.is(code, 0);
	assert.equal(Object.keys(JSON.parse(stdout)), ["ok", "url", "host", "port"]);
});

test("a request that had begun at SIGTERM is answered, and the code is 0", async () => {
	const go = Promise.withResolvers<void>();
	const upstream = await OpenAiServer.start(async (response, request) => {
		await go.promise;
		const message = { role: "assistant", content: "in time" };
		await answer.json({
			id: "1",
			object: "chat.completion",
			created: 1,
			model: "m",
			choices: [{ index: 0, message, finish_reason: "stop" }],
		})(response, request);
	});
	const { code, stderr } = await serve(["--config", await configFor(upstream)], async (url, child) => {
		const answered = ask(url);
		await upstream.request(0);
		const stopping = new Promise((resolve) =>
			child.stderr?.on("data", (data: Buffer) => data.includes("no new requests") && resolve(true)),
		);
		child.kill("SIGTERM");
		await stopping;
		go.resolve();
		assert.match(await (await answered).text(), "in time");
	});
	assert.is(code, 0, stderr);
	await upstream.close();
});

test("requests that outlast the drain are cancelled, told, and make the code 1", async () => {
	const upstream = await OpenAiServer.start(answer.silence());
	const { code, stderr } = await serve(["--config", await configFor(upstream), "--drain", "100ms"], async (url, child) => {
		ask(url).catch(() => {});
		const { ended } = await upstream.request(0);
		child.kill("SIGTERM");
		assert.equal(await ended, { clientClosed: true });
	});
	assert.is(code, 1);
	assert.match(stderr, /1 request/);
	await upstream.close();
});

test("clients that leave, and upstreams that break off, make no line but those of the log", async () => {
	const chunk = { id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content: "x" } }] };
	const bytes = sse([chunk], { done: false });
	const upstream = await OpenAiServer.start(answer.flood(bytes), answer.cutOff(bytes), answer.silence(), answer.stall(bytes));
	const { code, stderr } = await serve(["--config", await configFor(upstream)], async (url, child) => {
		for (const index of [0, 1, 2, 3]) {
			const abort = new AbortController();
			const asked = ask(url, true, abort.signal);
			const { ended } = await upstream.request(index);
			if (index !== 2) {
				const body = (await asked).body?.getReader();
				await body?.read();
			}
			asked.catch(() => {});
			abort.abort();
			await ended;
		}
		child.kill("SIGTERM");
	});
	assert.is(code, 0, stderr);
	const lines = stderr.trim().split("\n");
	assert.equal(
		lines.filter((line) => !line.startsWith("{") && !line.startsWith("spear: SIGTERM: ")),
		[],
	);
	await upstream.close();
});

test("a second signal ends the process at once", async () => {
	const upstream = await OpenAiServer.start(answer.silence());
	const { code } = await serve(["--config", await configFor(upstream)], async (url, child) => {
		ask(url).catch(() => {});
		await upstream.request(0);
		const stopping = new Promise((resolve) =>
			child.stderr?.on("data", (data: Buffer) => data.includes("no new requests") && resolve(true)),
		);
		child.kill("SIGINT");
		await stopping;
		child.kill("SIGINT");
	});
	assert.not.equal(code, 0);
	await upstream.close();
});

test("SIGHUP reloads agents without a watch, and a component that cannot be loaded is told at the start", async () => {
	const component = await file("agent.wasm", await assemble(plainComponent("(call $answer)")));
	const config = await file("spear.toml", `[agents.one]\ncomponent = "${component}"\n[agents.broken]\ncomponent = "${component}.absent"\n`);
	const { code, stderr } = await serve(["--config", config, "--no-watch"], async (url, child) => {
		const output = async (): Promise<unknown> => {
			const response = await fetch(`${url}/agents/one/run`, { method: "POST", headers: { "content-type": "text/plain" }, body: "" });
			return Object(await response.json()).output;
		};
		assert.is(await output(), "ok");
		await writeFile(component, await assemble(plainComponent("(call $answer)").replace('"ok"', '"no"')));
		child.kill("SIGHUP");
		while ((await output()) !== "no") await new Promise((resolve) => setTimeout(resolve, 20));
		child.kill("SIGTERM");
	});
	assert.is(code, 0, stderr);
	assert.match(stderr, /agent broken cannot be loaded, its runs are answered with 503: /);
});

test("a fault of the configuration, a port in use and a wrong certificate end with 2 and no stack", async () => {
	const taken = createServer();
	await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
	taken.unref();
	const address = taken.address();
	const port = typeof address === "object" ? String(address?.port) : "";
	const nonsense = await file("cert.pem", "nonsense");
	const cases: [args: string[], message: RegExp][] = [
		[["--config", await file("spear.toml", '[server]\nhost = "0.0.0.0"\n')], /spear\.toml:2:8: server\.host: .*needs clients with keys/],
		[["--config", await file("spear.toml", "[agents.a]\n")], /agents\.a\.component: is required/],
		[["--config", `${nonsense}.absent.toml`], /no such file/],
		[["--port", port], /127\.0\.0\.1:\d+ is in use; set another port/],
		[["--host", "0.0.0.0"], /needs clients with keys/],
		[
			["--config", await file("spear.toml", `[server]\ntls_cert_file = "${nonsense}"\ntls_key_file = "${nonsense}"\n`)],
			/it holds no certificate in PEM/,
		],
	];
	const results = await Promise.all(cases.map(([args]) => spear(["serve", ...(args[0] === "--port" ? [] : ["--port", "0"]), ...args])));
	for (const [index, { code, stdout, stderr }] of results.entries()) {
		assert.is(code, 2, stderr);
		assert.is(stdout, "");
		assert.match(stderr, cases[index]?.[1] ?? /^$/);
		assert.not.match(stderr, /\n {4}at /);
	}
	taken.close();
});

test("a wrong option ends with 2, and says what is right", async () => {
	const { code, stderr } = await spear(["serve", "--port", "99999"]);
	assert.is(code, 2);
	assert.match(stderr, /from 0 to 65,535/);
});

test.run();
