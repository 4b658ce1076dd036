import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { registerHooks } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { getRequestListener } from "@hono/node-server";
import type { FastifyInstance } from "fastify";
import type { Hono } from "hono";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest, ROOT } from "../helpers/guest.ts";

/** Imports of the package in the example are those of its sources. */
const hooks = registerHooks({
	resolve(specifier, context, next) {
		return specifier === "spear-hostcall"
			? { url: pathToFileURL(join(ROOT, "src/index.ts")).href, shortCircuit: true }
			: next(specifier, context);
	},
});

const FOLDER = join(ROOT, "examples/web-frameworks");
const importedFrom = (file: string): Promise<Record<string, never>> => import(pathToFileURL(join(FOLDER, file)).href);

interface ExampleAssistant {
	answer(user: string | undefined, question: string, signal: AbortSignal): Promise<Response>;
	close(): Promise<void>;
}

interface Started {
	readonly url: string;
	close(): Promise<void>;
}

const former = { APP_USERS: process.env.APP_USERS, SPEAR_CONFIG: process.env.SPEAR_CONFIG, SPEAR_AGENT: process.env.SPEAR_AGENT };
process.env.APP_USERS = JSON.stringify({ "token-of-ada": "ada", "token-of-bob": "bob" });
process.env.SPEAR_CONFIG = join(FOLDER, "spear.toml");
const { prepared } = await buildTestGuest(await readFile(join(FOLDER, "agent.ts"), "utf8"));
process.env.SPEAR_AGENT = prepared;

async function startAssistant(options: Record<string, unknown> = {}): Promise<ExampleAssistant> {
	const { Assistant } = (await importedFrom("assistant.ts")) as unknown as {
		Assistant: { start(options: Record<string, unknown>): Promise<ExampleAssistant> };
	};
	return Assistant.start({ config: join(FOLDER, "spear.toml"), agent: prepared, ...options });
}

/** Serves a function of the web platform. */
async function served(fetch: (request: Request) => Response | Promise<Response>, close: () => Promise<void>): Promise<Started> {
	const server = createServer(getRequestListener(fetch));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await close();
		},
	};
}

const FRAMEWORKS: Readonly<Record<string, () => Promise<Started>>> = {
	async Fastify() {
		const { createApp } = (await importedFrom("fastify.ts")) as unknown as {
			createApp(assistant: ExampleAssistant): FastifyInstance;
		};
		const app = createApp(await startAssistant());
		return { url: `${await app.listen({ port: 0, host: "127.0.0.1" })}/ask`, close: () => app.close() };
	},
	async Hono() {
		const { createApp } = (await importedFrom("hono.ts")) as unknown as { createApp(assistant: ExampleAssistant): Hono };
		const assistant = await startAssistant();
		const started = await served(createApp(assistant).fetch, () => assistant.close());
		return { ...started, url: `${started.url}/ask` };
	},
	async Next() {
		const { POST } = (await importedFrom("next/app/api/ask/route.ts")) as unknown as { POST(request: Request): Promise<Response> };
		return served(POST, async () => {
			const assistant: Promise<ExampleAssistant> | undefined = Reflect.get(globalThis, "assistant");
			await (await assistant)?.close();
			Reflect.deleteProperty(globalThis, "assistant");
		});
	},
};

function ask(url: string, question: string, token = "token-of-ada"): Promise<Response> {
	const headers = { authorization: `Bearer ${token}`, "content-type": "text/plain" };
	return fetch(url, { method: "POST", body: question, headers });
}

/** Returns the status of an answer that is read to its end. */
async function statusOf(answer: Promise<Response>): Promise<number> {
	await (await answer).text();
	return (await answer).status;
}

for (const [framework, start] of Object.entries(FRAMEWORKS)) {
	test(`${framework} streams the words of the agent, counts a budget for each user, and refuses strangers and long questions`, async () => {
		const { url, close } = await start();
		try {
			const answer = await ask(url, "one two three");
			assert.is(answer.status, 200);
			assert.is(answer.headers.get("content-type"), "text/plain; charset=utf-8");
			const decoder = new TextDecoder();
			const words: string[] = [];
			for await (const chunk of answer.body ?? []) words.push(decoder.decode(chunk));
			assert.is(words.join(""), "stub: you said one two three");
			assert.ok(words.length > 1, "the words come one after the other");

			assert.is(await statusOf(ask(url, "who am I?", "a-token-of-mallory")), 401);
			assert.is(await statusOf(ask(url, "")), 400);
			assert.is(await statusOf(ask(url, "x".repeat(5_000))), 400);
			assert.is(await statusOf(ask(url, "x".repeat(20_000))), 413);

			let refused = await ask(url, "again");
			for (let count = 0; refused.status === 200 && count < 20; count += 1) {
				await refused.text();
				refused = await ask(url, "again");
			}
			assert.is(refused.status, 429);
			assert.match(await refused.text(), /budget/);
			assert.is(await statusOf(ask(url, "hello", "token-of-bob")), 200, "another user has a budget of its own");
		} finally {
			await close();
		}
	});
}

test("what a user has spent stays counted when the agent of an idle user is closed", async () => {
	const assistant = await startAssistant({ maxUsers: 1 });
	const { signal } = new AbortController();
	try {
		let status = 200;
		for (let count = 0; status === 200 && count < 20; count += 1) {
			const answer = await assistant.answer("ada", "hello", signal);
			status = answer.status;
			await answer.text();
			await (await assistant.answer(`other-${count}`, "hello", signal)).text();
		}
		assert.is(status, 429);
	} finally {
		await assistant.close();
	}
});

test("a user who has gone ends the run", async () => {
	const assistant = await startAssistant();
	try {
		const answer = await assistant.answer("ada", "one two three", new AbortController().signal);
		await answer.body?.cancel();
		const gone = AbortSignal.abort();
		assert.is((await assistant.answer("bob", "one", gone)).status, 499);
	} finally {
		await assistant.close();
	}
});

test.after(() => {
	hooks.deregister();
	for (const [name, value] of Object.entries(former)) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
});

test.run();
