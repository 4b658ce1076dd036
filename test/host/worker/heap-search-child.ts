/**
 * A host in a process of its own, whose guest makes requests in a worker: `node heap-search-child.ts <prepared agent>`. Prints what the heap of each
 * worker holds of the key, the seal's secret, the URL and the guest's own texts.
 */
import process from "node:process";
import type { Worker } from "node:worker_threads";
import { createHost } from "../../../src/index.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { CANARY } from "../../helpers/probe-host.ts";
import { UNASSISTED } from "../../helpers/unassisted.ts";

const [prepared = ""] = process.argv.slice(2);
const SEAL = "seal-canary-0123456789abcdef0123456789abcdef";

/** Returns the texts that are in the heap of a worker. */
async function search(worker: Worker, texts: readonly string[]): Promise<string[]> {
	let snapshot = "";
	for await (const chunk of await worker.getHeapSnapshot()) snapshot += String(chunk);
	return texts.filter((text) => snapshot.includes(JSON.stringify(text).slice(1, -1)));
}

const workers: Worker[] = [];
process.on("worker", (worker: Worker) => workers.push(worker));
Object.assign(process.env, { CANARY_KEY: CANARY, SEAL });
const server = await OpenAiServer.start();
const host = await createHost({
	config: {
		host: { log_level: "silent", seal_key_env: "SEAL" },
		router: UNASSISTED,
		backends: { upstream: { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: "CANARY_KEY", models: ["m1"] } },
	},
});
const agent = await host.load(prepared, { isolation: "worker" });
const instance = await agent.instantiate();
server.script(
	answer.json({
		id: "c",
		model: "m1",
		choices: [{ index: 0, message: { role: "assistant", content: "needle-of-the-answer" }, finish_reason: "stop" }],
	}),
	answer.status(401, { error: { message: `Incorrect API key provided: ${CANARY}` } }),
);
const answers = [await instance.run("needle-of-the-guest"), await instance.run("and?")];
const sent = server.requests.some(({ headers }) => JSON.stringify(headers).includes(CANARY));
const texts = [CANARY, CANARY.slice(10), SEAL, server.baseUrl, "CANARY_KEY", "needle-of-the-guest", "needle-of-the-answer"];
const found = new Set<string>();
for (const worker of workers) for (const text of await search(worker, texts)) found.add(text);
process.stdout.write(JSON.stringify({ answers, sent, workers: workers.length, found: [...found].sort() }));
await instance.close();
await host.close();
await server.close();
